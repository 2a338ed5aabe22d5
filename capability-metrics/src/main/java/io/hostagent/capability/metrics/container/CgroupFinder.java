// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.kernel.KernelFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/**
 * Finds the cgroup of a container. Where the engine makes it depends on its cgroup driver, on its
 * own parent cgroup and on that of the container; so the usual places are tried, what the
 * container's first process says, and then all there are. Where one was found, the next one is
 * looked for first. What is found is read for as long as the container runs.
 */
final class CgroupFinder {

    /** Path below a mount: what stands before the ID, and behind it. */
    private record Place(String before, String behind) {

        String of(String id) {
            return before + id + behind;
        }
    }

    private static final List<Place> USUAL =
            List.of(
                    new Place("/docker/", ""),
                    new Place("/system.slice/docker-", ".scope"),
                    new Place("/machine.slice/libpod-", ".scope"),
                    new Place("/libpod_parent/libpod-", ""));

    private static final int MOST_LEARNED = 32;

    /** How often all cgroups are looked through for a container that is nowhere else. */
    private static final long PAUSE = Duration.ofSeconds(10).toNanos();

    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    private final CgroupTree tree;
    private final HostFiles files;
    private final List<Place> learned = new CopyOnWriteArrayList<>();
    private Map<String, String> all = Map.of();
    private long searched = System.nanoTime() - PAUSE;

    CgroupFinder(CgroupTree tree, HostFiles files) {
        this.tree = tree;
        this.files = files;
    }

    /** The path of a container's cgroup below the mount, such as {@code /docker/ID}. */
    Optional<String> path(ContainerDetails container) {
        String id = container.container().id().value();
        for (Place place : learned) {
            if (exists(place.of(id))) {
                return Optional.of(place.of(id));
            }
        }
        Optional<String> found =
                usual(container, id).or(() -> told(container.pid(), id)).or(() -> searched(id));
        found.ifPresent(path -> learn(path, id));
        return found;
    }

    private void learn(String path, String id) {
        int at = path.indexOf(id);
        if (at < 0) {
            return;
        }
        Place place = new Place(path.substring(0, at), path.substring(at + id.length()));
        if (learned.size() < MOST_LEARNED && !learned.contains(place)) {
            learned.add(place);
        }
    }

    private Optional<String> usual(ContainerDetails container, String id) {
        List<Place> places = new ArrayList<>();
        String parent = container.cgroupParent();
        if (parent.endsWith(".slice")) {
            places.add(new Place(slice(parent) + "/docker-", ".scope"));
        } else if (!parent.isEmpty()) {
            places.add(new Place((parent.startsWith("/") ? parent : "/" + parent) + "/", ""));
        }
        places.addAll(USUAL);
        return places.stream().map(place -> place.of(id)).filter(this::exists).findFirst();
    }

    /** Where systemd keeps a slice: {@code a-b.slice} is in {@code /a.slice/a-b.slice}. */
    static String slice(String name) {
        String stem = name.substring(name.lastIndexOf('/') + 1, name.length() - ".slice".length());
        StringBuilder path = new StringBuilder();
        for (int at = stem.indexOf('-'); at >= 0; at = stem.indexOf('-', at + 1)) {
            path.append('/').append(stem, 0, at).append(".slice");
        }
        return path.append('/').append(stem).append(".slice").toString();
    }

    private boolean exists(String path) {
        return tree.roots().stream()
                .anyMatch(root -> Files.isDirectory(CgroupTree.below(root, path)));
    }

    /**
     * What the process says of itself. An agent with a cgroup namespace of its own reads paths
     * relative to its own cgroup, {@code /../ID}, which lead nowhere here and are not taken.
     */
    private Optional<String> told(int pid, String id) {
        String text =
                pid <= 0
                        ? null
                        : KernelFile.text(
                                files.proc().resolve(Integer.toString(pid)).resolve("cgroup"));
        if (text == null) {
            return Optional.empty();
        }
        return text.lines()
                .map(line -> line.substring(line.indexOf(':', line.indexOf(':') + 1) + 1))
                .filter(path -> path.contains(id) && !path.contains("/../"))
                .filter(this::exists)
                .findFirst();
    }

    private synchronized Optional<String> searched(String id) {
        if (!all.containsKey(id) && System.nanoTime() - searched > PAUSE) {
            all = new HashMap<>();
            for (Path root : tree.roots()) {
                CgroupWalk.below(
                        root, path -> idOf(path).ifPresent(found -> all.putIfAbsent(found, path)));
            }
            searched = System.nanoTime();
        }
        return Optional.ofNullable(all.get(id)).filter(this::exists);
    }

    /** The ID in the last name of a path, if that is the cgroup of a container. */
    static Optional<String> idOf(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (name.startsWith("libpod-conmon-")) {
            return Optional.empty();
        }
        var matcher = ID.matcher(name);
        return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
    }

    /** How many files of a cgroup stay open. */
    int filesKept() {
        return tree.split() ? CgroupV1.FILES : CgroupV2.FILES;
    }

    /** The list of the processes of a cgroup; of version 2 those of cgroups below it are not in. */
    Path processes(String path) {
        return tree.roots().stream()
                .map(root -> CgroupTree.below(root, path))
                .filter(Files::isDirectory)
                .findFirst()
                .orElse(tree.mount())
                .resolve("cgroup.procs");
    }

    /** Where it is counted how many tasks a cgroup has. */
    Path tasks(String path) {
        return tree.folder("pids", path).orElse(tree.mount());
    }

    /** Opens the cgroup at a path. */
    CgroupReader open(String path, boolean perCpu, boolean keep) {
        boolean root = path.equals("/");
        if (!tree.split()) {
            return new CgroupV2(CgroupTree.below(tree.unified().orElseThrow(), path), root, keep);
        }
        Map<String, Path> controllers = new LinkedHashMap<>();
        for (String controller : List.of("cpuacct", "cpu", "memory", "blkio", "pids")) {
            tree.folder(controller, path).ifPresent(folder -> controllers.put(controller, folder));
        }
        return new CgroupV1(
                new CgroupFolders(controllers, tree.pressure(path)), root, perCpu, keep);
    }
}
