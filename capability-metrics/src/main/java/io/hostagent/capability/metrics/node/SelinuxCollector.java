// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.kernel.OsRelease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Whether SELinux is on, and how its cache of decisions (AVC) does, from {@code /sys/fs/selinux},
 * which is mounted where it is on.
 */
final class SelinuxCollector implements NodeCollector {

    private static final Family ENABLED =
            Family.gauge("node_selinux_enabled", "Whether SELinux is on: 1, or 0.");
    private static final Family CONFIGURED =
            Family.gauge(
                    "node_selinux_config_mode",
                    "What the host is configured to: 1 to enforce, 0 to permit, -1 to do nothing.");
    private static final Family CURRENT =
            Family.gauge("node_selinux_current_mode", "Whether rules are enforced: 1, or 0.");

    /** In the order of the columns of {@code avc/cache_stats}. */
    private static final List<Family> CACHE =
            List.of(
                    avc("lookups", "Decisions that were asked for."),
                    avc("hits", "Decisions that were in the cache."),
                    avc("misses", "Decisions that were not in the cache."),
                    avc("allocations", "Entries that were made."),
                    avc("reclaims", "Entries that made room for others."),
                    avc("frees", "Entries that were given back."));

    private static final Family ENTRIES =
            Family.gauge("node_selinux_avc_hash_entries", "Entries in the cache.");
    private static final Family BUCKETS =
            Family.gauge("node_selinux_avc_hash_buckets_available", "Buckets of the cache.");
    private static final Family BUCKETS_USED =
            Family.gauge("node_selinux_avc_hash_buckets_used", "Buckets that hold something.");
    private static final Family CHAIN =
            Family.gauge("node_selinux_avc_hash_longest_chain", "Entries in the fullest bucket.");
    private static final Family THRESHOLD =
            Family.gauge("node_selinux_avc_threshold", "Entries from which on others make room.");

    private static Family avc(String name, String help) {
        return Family.counter("node_selinux_avc_" + name + "_total", help);
    }

    @Override
    public String name() {
        return "selinux";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        Path folder = scrape.sys("fs/selinux");
        boolean enabled = Files.exists(folder.resolve("enforce"));
        samples.family(ENABLED).add(enabled ? 1 : 0);
        if (!enabled) {
            return;
        }
        samples.family(CONFIGURED).add(configured(scrape));
        add(scrape, folder.resolve("enforce"), CURRENT, samples);
        addCache(scrape.read(folder.resolve("avc/cache_stats")), samples);
        addHash(scrape.read(folder.resolve("avc/hash_stats")), samples);
        add(scrape, folder.resolve("avc/cache_threshold"), THRESHOLD, samples);
    }

    private static int configured(NodeScrape scrape) {
        String mode =
                OsRelease.parse(scrape.files().text("etc/selinux/config"))
                        .getOrDefault("SELINUX", "");
        return switch (mode) {
            case "enforcing" -> 1;
            case "permissive" -> 0;
            default -> -1;
        };
    }

    private static void add(NodeScrape scrape, Path file, Family family, SampleSet samples)
            throws IOException {
        double value =
                scrape.number(file)
                        .orElseThrow(() -> new KernelFormatException(file + " cannot be read"));
        samples.family(family).add(value);
    }

    /** A line of names, and one of numbers for each processor. */
    private static void addCache(KernelText text, SampleSet samples) throws KernelFormatException {
        double[] sums = new double[CACHE.size()];
        text.line();
        while (text.line()) {
            for (int column = 0; column < sums.length && text.field(); column++) {
                sums[column] += text.unsigned();
            }
        }
        for (int column = 0; column < sums.length; column++) {
            samples.family(CACHE.get(column)).add(sums[column]);
        }
    }

    /** Such as {@code entries: 503}, {@code buckets used: 283/512} and {@code longest chain: 7}. */
    private static void addHash(KernelText text, SampleSet samples) throws KernelFormatException {
        while (text.line() && text.field()) {
            if (text.is("entries:") && text.field()) {
                samples.family(ENTRIES).add(text.unsigned());
            } else if (text.is("buckets") && text.skip(2)) {
                samples.family(BUCKETS_USED).add(text.unsigned());
                if (text.behind('/')) {
                    samples.family(BUCKETS).add(text.unsigned());
                }
            } else if (text.is("longest") && text.skip(2)) {
                samples.family(CHAIN).add(text.unsigned());
            }
        }
    }
}
