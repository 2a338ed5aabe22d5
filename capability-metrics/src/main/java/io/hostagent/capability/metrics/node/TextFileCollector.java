// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.node.TextFamily.Sample;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What others left in files {@code *.prom} of a folder, such as jobs of cron. A file that is broken
 * costs its own samples only, and a series that somebody else told before is not told twice, for
 * which this collector has to be the last one.
 */
final class TextFileCollector implements NodeCollector {

    private static final Logger LOG = LoggerFactory.getLogger(TextFileCollector.class);

    private static final Family WRITTEN =
            Family.gauge("node_textfile_mtime_seconds", "When a file was written, in Unix time.");
    private static final Family ERROR =
            Family.gauge("node_textfile_scrape_error", "Whether a file was not taken, 1 or 0.");

    private final Optional<Path> folder;
    private Map<Path, TextFile> before = new HashMap<>();

    /** Takes the folder; empty: there is none. */
    TextFileCollector(Optional<Path> folder) {
        this.folder = folder;
    }

    @Override
    public String name() {
        return "textfile";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) {
        Scraped scraped = new Scraped(samples);
        folder.ifPresent(path -> read(path, scraped));
        samples.family(ERROR).add(scraped.error ? 1 : 0);
    }

    private void read(Path path, Scraped scraped) {
        String[] names = OptionalFile.namesIfThere(path);
        if (names == null) {
            scraped.refuse(path, "it cannot be listed");
            return;
        }
        Arrays.sort(names);
        Map<Path, TextFile> read = new HashMap<>();
        List<TextFile> files = new ArrayList<>();
        long room = TextFile.LARGEST;
        for (String name : names) {
            if (name.endsWith(".prom")) {
                Path file = path.resolve(name);
                try {
                    TextFile found = TextFile.read(file, room, before.get(file));
                    room -= found.size();
                    read.put(file, found);
                    files.add(found);
                } catch (IOException e) {
                    scraped.refuse(file, e.toString());
                }
            }
        }
        before = read;
        files.forEach(scraped::tell);
    }

    /** What one scrape has found so far. */
    private static final class Scraped {

        private final SampleSet samples;
        private final Map<String, TextFamily> firsts = new HashMap<>();
        private boolean error;

        Scraped(SampleSet samples) {
            this.samples = samples;
        }

        void refuse(Path file, String why) {
            error = true;
            LOG.debug("{} is not taken: {}", file, why);
        }

        void tell(TextFile file) {
            for (TextFamily family : file.families()) {
                TextFamily first = firsts.putIfAbsent(family.name(), family);
                if (first != null && !agree(first, family)) {
                    refuse(file.path(), family.name() + " is something else in another file");
                } else if (first == null && family.hasParts() && isTold(family.name())) {
                    refuse(file.path(), family.name() + " is there already");
                } else {
                    family.samples().forEach((name, some) -> tell(file, family, name, some));
                }
            }
            samples.family(WRITTEN)
                    .add(
                            Labels.of("file", file.path().toString()),
                            (double) file.written().to(TimeUnit.SECONDS));
        }

        private boolean isTold(String name) {
            return samples.told().contains(name);
        }

        private static boolean agree(TextFamily first, TextFamily other) {
            return first.shape() == other.shape()
                    && (other.help() == null
                            || first.help() == null
                            || other.help().equals(first.help()));
        }

        private void tell(TextFile file, TextFamily family, String name, List<Sample> some) {
            Family wanted = family.family(name, "Read from " + file.path() + ".");
            FamilySamples there = samples.family(wanted);
            if (there.family().type() != wanted.type()) {
                refuse(file.path(), name + " is a " + there.family().type());
                return;
            }
            Set<Set<Label>> known = labels(there);
            for (Sample sample : some) {
                if (known.isEmpty() || !known.contains(Set.copyOf(sample.labels().all()))) {
                    there.add(sample.labels(), sample.value());
                }
            }
        }

        private static Set<Set<Label>> labels(FamilySamples samples) {
            Set<Set<Label>> labels = new HashSet<>();
            for (int i = 0; i < samples.size(); i++) {
                Set<Label> of = new HashSet<>(samples.subject(i).all());
                of.addAll(samples.detail(i).all());
                labels.add(of);
            }
            return labels;
        }
    }
}
