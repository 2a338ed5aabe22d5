// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * All cgroups that are no containers and not in one. They are looked for once a minute; their files
 * are opened for each scrape, since hardly anybody wants them.
 */
final class RawCgroups {

    private static final long PAUSE = Duration.ofSeconds(60).toNanos();

    private final CgroupTree tree;
    private final CgroupFinder finder;
    private final boolean perCpu;
    private final Map<String, RawCgroup> known = new HashMap<>();
    private long looked;
    private boolean ever;

    RawCgroups(CgroupTree tree, CgroupFinder finder, boolean perCpu) {
        this.tree = tree;
        this.finder = finder;
        this.perCpu = perCpu;
    }

    /** Reads them until the deadline; {@code false} when some were left out. */
    boolean read(Worker worker, SampleSet samples, double clock, long deadline) {
        long now = System.nanoTime();
        if (!ever || now - looked > PAUSE) {
            look();
            looked = now;
            ever = true;
        }
        boolean complete = true;
        Iterator<RawCgroup> all = known.values().iterator();
        while (all.hasNext()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            RawCgroup cgroup = all.next();
            try {
                cgroup.read(worker, clock);
                worker.numbers().write(cgroup.labels(), samples);
                complete &= worker.numbers().malformedFiles() == 0;
            } catch (IOException e) {
                // It has ended, as sessions do all the time.
                all.remove();
            }
        }
        return complete;
    }

    private void look() {
        Map<String, Path> found = new HashMap<>();
        for (Path root : tree.roots()) {
            CgroupWalk.below(
                    root,
                    path -> {
                        if (!isOfContainer(path) && !path.endsWith(".mount")) {
                            found.putIfAbsent(path, CgroupTree.below(root, path));
                        }
                    });
        }
        Set<String> gone = new HashSet<>(known.keySet());
        gone.removeAll(found.keySet());
        gone.forEach(known::remove);
        found.forEach(this::add);
    }

    private void add(String path, Path folder) {
        if (known.containsKey(path)) {
            return;
        }
        try {
            double made = RawCgroup.made(folder);
            known.put(path, new RawCgroup(path, finder.open(path, perCpu, false), made));
        } catch (IOException e) {
            // It has ended since it was found.
            return;
        }
    }

    /** A container's own cgroup, or one that a container has made for itself. */
    private static boolean isOfContainer(String path) {
        for (int at = path.indexOf('/', 1); at >= 0; at = path.indexOf('/', at + 1)) {
            if (CgroupFinder.idOf(path.substring(0, at)).isPresent()) {
                return true;
            }
        }
        return CgroupFinder.idOf(path).isPresent();
    }
}
