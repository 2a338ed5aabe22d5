// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.host.Mount;
import io.hostagent.core.kernel.FileSystemSpace;
import io.hostagent.core.kernel.SpaceReader;
import io.hostagent.core.kernel.SpaceReader.Answer;
import io.hostagent.core.kernel.SpaceReader.Refused;
import io.hostagent.core.kernel.SpaceReader.Room;
import io.hostagent.core.kernel.SpaceReader.Silent;
import io.hostagent.core.kernel.SpaceReader.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The room in the file systems that the host's first process has mounted, asked through the host's
 * root. One that does not answer in time, such as that of a server that is gone, is an error of its
 * own and keeps nobody waiting again before it answers.
 */
final class FilesystemCollector implements NodeCollector {

    private static final Path ROOT = Path.of("/");

    /** Of the time that is left for the scrape; what comes later wants some of it, too. */
    private static final double SHARE = 0.8;

    private static final String TIMEOUT = "mountpoint timeout";
    private static final String UNSEEN = "not seen by the agent";

    private static final Family ERROR =
            Family.gauge(
                    "node_filesystem_device_error",
                    "Whether a file system could not be asked: 1, or 0.");
    private static final Family READ_ONLY =
            Family.gauge("node_filesystem_readonly", "Whether nothing can be written: 1, or 0.");
    private static final Family SIZE =
            Family.gauge("node_filesystem_size_bytes", "Bytes of a file system, used or not.");
    private static final Family FREE =
            Family.gauge("node_filesystem_free_bytes", "Bytes that nobody uses.");
    private static final Family AVAILABLE =
            Family.gauge("node_filesystem_avail_bytes", "Bytes that are free for users, not root.");
    private static final Family FILES =
            Family.gauge("node_filesystem_files", "Inodes of a file system, used or not.");
    private static final Family FILES_FREE =
            Family.gauge("node_filesystem_files_free", "Inodes that nobody uses.");
    private static final Family INFO =
            Family.gauge(
                    "node_filesystem_mount_info",
                    "1, labelled with the numbers of a file system's device.");

    private final NameFilter mountPoints;
    private final Duration mountTimeout;
    private final KeptMounts ofHost;
    private final KeptMounts ofAgent;
    private final Path agentRoot;
    private final SpaceReader spaces;

    /**
     * Prepares to ask.
     *
     * @param agentRoot the root of the agent, for its own mounts
     * @param kept how old the mounts may be when they did not change
     */
    FilesystemCollector(NodeSettings settings, Path agentRoot, SpaceReader spaces, Duration kept) {
        mountPoints = settings.mountPoints();
        mountTimeout = settings.mountTimeout();
        ofHost = new KeptMounts(settings.fileSystemTypes(), kept);
        ofAgent = new KeptMounts(settings.fileSystemTypes(), kept);
        this.agentRoot = agentRoot;
        this.spaces = spaces;
    }

    @Override
    public String name() {
        return "filesystem";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        Path root =
                scrape.files()
                        .root()
                        .orElseThrow(() -> new NoDataException(missing(scrape, "the host's root")));
        List<Mount> mounts = mounts(scrape, root);
        boolean direct = root.equals(ROOT);
        Map<String, Mount> own = direct ? Map.of() : ofAgent.read(ownMounts(), scrape);
        List<Target> targets = new ArrayList<>();
        for (Mount mount : mounts) {
            String path = seenFrom(root, mount.point());
            Mount seen = own.get(path);
            // Else the answer would be that of the file system below.
            if (direct || (seen != null && mount.isSameAs(seen))) {
                targets.add(new Target(mount, path));
            } else {
                addError(mount, UNSEEN, samples);
            }
        }
        List<Answer> answers = spaces.ask(targets, limit(scrape));
        for (int i = 0; i < targets.size(); i++) {
            Mount mount = targets.get(i).mount();
            switch (answers.get(i)) {
                case Room(FileSystemSpace space) -> addRoom(mount, space, samples);
                case Refused(String why) -> addError(mount, why, samples);
                case Silent() -> addError(mount, TIMEOUT, samples);
            }
        }
    }

    /** Those of the first process; where it hides them from an agent on the host, the agent's. */
    private List<Mount> mounts(NodeScrape scrape, Path root) throws IOException {
        Path first = scrape.proc("1").resolve("mountinfo");
        boolean hidden = scrape.files().first().isEmpty();
        if (hidden && !root.equals(ROOT)) {
            throw new NoDataException(missing(scrape, "the host's /proc"));
        }
        return ofHost.read(hidden ? ownMounts() : first, scrape).values().stream()
                .filter(mount -> mountPoints.takes(mount.point()))
                .toList();
    }

    private static String missing(NodeScrape scrape, String what) {
        return scrape.files()
                .missing()
                .map(absence -> absence.why() + ": " + absence.remedy())
                .orElse(what + " is not there");
    }

    private Path ownMounts() {
        return agentRoot.resolve("proc/self/mountinfo");
    }

    private static String seenFrom(Path root, String point) {
        if (root.equals(ROOT)) {
            return point;
        }
        return point.equals("/") ? root.toString() : root + point;
    }

    private Duration limit(NodeScrape scrape) {
        Duration share = Duration.ofNanos((long) (scrape.left().toNanos() * SHARE));
        return share.compareTo(mountTimeout) < 0 ? share : mountTimeout;
    }

    @Override
    public void close() {
        ofHost.close();
        ofAgent.close();
    }

    private static void addError(Mount mount, String why, SampleSet samples) {
        Labels labels = labels(mount, why);
        samples.family(ERROR).add(labels, 1);
        samples.family(READ_ONLY).add(labels, mount.readOnly() ? 1 : 0);
    }

    private static void addRoom(Mount mount, FileSystemSpace space, SampleSet samples) {
        Labels labels = labels(mount, "");
        samples.family(ERROR).add(labels, 0);
        samples.family(READ_ONLY).add(labels, mount.readOnly() ? 1 : 0);
        samples.family(SIZE).add(labels, (double) space.totalBytes());
        samples.family(FREE).add(labels, (double) space.freeBytes());
        samples.family(AVAILABLE).add(labels, (double) space.availableBytes());
        samples.family(FILES).add(labels, (double) space.files());
        samples.family(FILES_FREE).add(labels, (double) space.freeFiles());
        String device = mount.device();
        int colon = device.indexOf(':');
        samples.family(INFO)
                .add(
                        Labels.of(
                                List.of(
                                        new Label("device", mount.source()),
                                        new Label("major", device.substring(0, colon)),
                                        new Label("minor", device.substring(colon + 1)),
                                        new Label("mountpoint", mount.point()))),
                        1);
    }

    private static Labels labels(Mount mount, String error) {
        return Labels.of(
                List.of(
                        new Label("device", mount.source()),
                        new Label("device_error", error),
                        new Label("fstype", mount.type()),
                        new Label("mountpoint", mount.point())));
    }
}
