// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.core.host.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Keeps volumes as folders of a file system that several hosts have mounted at the same path.
 *
 * <p>Where that is not mounted there is an empty folder of the host's own disk, and what is written
 * to it is seen by nobody else. So the root of the pool has a marker, and before each use the
 * marker has to be there and the pool has to be a mount; nothing is written otherwise.
 */
public final class SharedBackend extends DirectoryBackend {

    /** At the root of the pool; a line that is the same for every host. */
    static final String MARKER = ".host-agent-shared";

    /** File systems that hosts share by their nature. */
    private static final Set<String> NETWORK =
            Set.of(
                    "nfs",
                    "nfs4",
                    "ceph",
                    "cifs",
                    "smb3",
                    "9p",
                    "afs",
                    "lustre",
                    "gpfs",
                    "beegfs",
                    "ocfs2",
                    "gfs2",
                    "virtiofs");

    private static final String FUSE = "fuse.";

    /** A server that is there answers within this. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final PatientLook<Probe> look;

    public SharedBackend(Path pool, Tools tools) {
        this(pool, tools, PATIENCE);
    }

    SharedBackend(Path pool, Tools tools, Duration patience) {
        super(pool, tools);
        look = new PatientLook<>(pool().toString(), patience, this::look);
    }

    @Override
    public BackendKind kind() {
        return BackendKind.SHARED;
    }

    @Override
    public Probe probe() {
        try {
            return look.ask();
        } catch (IOException e) {
            return Probe.missing(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void awaitAnswer() throws IOException {
        look.ask();
    }

    @Override
    void verifyPool() throws IOException {
        Optional<String> missing = look.ask().missing();
        if (missing.isPresent()) {
            throw new IOException(missing.get());
        }
    }

    private Probe look() {
        try {
            if (!isMarked() && mount().filter(this::isOfServer).isPresent()) {
                mark();
            }
            verifyMounted();
        } catch (IOException e) {
            return Probe.missing(String.valueOf(e.getMessage()));
        }
        return super.probe();
    }

    private void verifyMounted() throws IOException {
        if (!isMount()) {
            throw new IOException(
                    pool()
                            + " is not mounted on this host: mount there what the other hosts have"
                            + " there, and tell the agent's container of it with"
                            + " bind propagation rshared");
        }
        if (!isMarked()) {
            throw new IOException(
                    pool()
                            + " is mounted, but has no file "
                            + MARKER
                            + ": if this is what all hosts share, make that file once with touch "
                            + pool().resolve(MARKER));
        }
    }

    private boolean isMarked() {
        return Files.isRegularFile(pool().resolve(MARKER));
    }

    private void mark() throws IOException {
        Path marker = pool().resolve(MARKER);
        Files.writeString(marker, UUID.randomUUID() + "\n");
        Folders.persist(marker);
        Folders.persist(pool());
    }

    /** Whether something is mounted at the pool or above it that is not the root of all. */
    private boolean isMount() throws IOException {
        return mount().filter(mount -> !mount.point().equals("/")).isPresent();
    }

    /**
     * Whether a mount is the pool itself and comes from a server by its nature. All else may be the
     * host's own disk, on which the pool is an empty folder until the server's is mounted; only
     * people know.
     */
    boolean isOfServer(Mount mount) {
        return mount.point().equals(pool().toString())
                && (NETWORK.contains(mount.type()) || mount.type().startsWith(FUSE));
    }

    private Optional<Mount> mount() throws IOException {
        return Files.isDirectory(pool()) ? Mounts.covering(pool().toRealPath()) : Optional.empty();
    }
}
