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
import java.util.Collections;
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
 * costs its own samples only. A family that somebody else tells, or whose parts have the names of
 * others, is left out as a whole, for which this collector has to be the last one.
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

        /**
         * A family that files have told.
         *
         * @param first what the first of them said of it
         * @param subjects what its samples are numbers of
         */
        private record Told(TextFamily first, FamilySamples samples, Set<List<Label>> subjects) {

            boolean agreesWith(TextFamily other) {
                return first.type() == other.type()
                        && (other.help() == null
                                || first.help() == null
                                || other.help().equals(first.help()));
            }
        }

        private final SampleSet samples;
        private final Map<String, Told> told = new HashMap<>();

        /** Of families that are told, whoever does. */
        private final Set<String> taken = new HashSet<>();

        private boolean error;

        Scraped(SampleSet samples) {
            this.samples = samples;
            samples.families().forEach(family -> taken.addAll(family.family().names()));
            taken.addAll(WRITTEN.names());
            taken.addAll(ERROR.names());
        }

        void refuse(Path file, String why) {
            error = true;
            LOG.debug("{} is not taken: {}", file, why);
        }

        void tell(TextFile file) {
            for (TextFamily family : file.families()) {
                Family wanted = family.family("Read from " + file.path() + ".");
                Told before = told.get(family.name());
                if (before != null && !before.agreesWith(family)) {
                    refuse(file.path(), family.name() + " is something else in another file");
                } else if (before == null && !Collections.disjoint(taken, wanted.names())) {
                    refuse(file.path(), "one of " + wanted.names() + " is told by somebody else");
                } else {
                    tell(family, wanted);
                }
            }
            samples.family(WRITTEN)
                    .add(
                            Labels.of("file", file.path().toString()),
                            (double) file.written().to(TimeUnit.SECONDS));
        }

        /** Of the same thing only the first file's numbers, so that no two are mixed up. */
        private void tell(TextFamily family, Family wanted) {
            taken.addAll(wanted.names());
            Told all =
                    told.computeIfAbsent(
                            family.name(),
                            name -> new Told(family, samples.family(wanted), new HashSet<>()));
            Set<List<Label>> here = new HashSet<>();
            for (Sample sample : family.samples()) {
                List<Label> subject = sample.subject(family.type());
                if (!all.subjects().contains(subject)) {
                    here.add(subject);
                    add(sample, all.samples());
                }
            }
            all.subjects().addAll(here);
        }

        private static void add(Sample sample, FamilySamples samples) {
            if (samples.family().type().suffixes().isEmpty()) {
                samples.add(sample.labels(), sample.value());
            } else {
                samples.add(sample.name(), sample.labels(), sample.value());
            }
        }
    }
}
