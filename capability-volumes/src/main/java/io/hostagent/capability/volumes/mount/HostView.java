// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.mount;

import io.hostagent.capability.volumes.backend.VolumeFolder;
import io.hostagent.core.capability.Need.Absence;
import io.hostagent.core.host.Mount;
import io.hostagent.core.settings.EngineAddress;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the engine sees of this agent's mounts. The engine resolves a path that it is given among
 * its own mounts: one that is not there as well gives a container an empty folder of the host, and
 * nobody an error. Everything blocks.
 */
public final class HostView {

    /** The first namespace of processes, whose number is fixed; all others are below it. */
    private static final String ALL = "pid:[4026531836]";

    private static final Path PROC = Path.of("/proc");

    private final EngineAddress engine;
    private final EnginePaths paths;
    private final @Nullable EngineProcess process;
    private final Path proc;
    private volatile boolean seesProcesses;

    /**
     * Looks from the engine at an address.
     *
     * @param loops of native epoll, for a connection to it
     */
    public HostView(EngineAddress engine, Supplier<EventLoop> loops) {
        this(engine, new SamePaths(), loops, PROC);
    }

    HostView(EngineAddress engine, EnginePaths paths, Supplier<EventLoop> loops, Path proc) {
        this.engine = engine;
        this.paths = paths;
        this.process =
                engine instanceof EngineAddress.UnixSocket(Path path)
                        ? new EngineProcess(path, loops, proc)
                        : null;
        this.proc = proc;
    }

    /**
     * Looks from the engine whose managed plugin this agent is.
     *
     * @param folder that the engine shares with the plugin, its {@code propagatedMount}
     */
    public static HostView ofManagedPlugin(
            EngineAddress engine, Path folder, Supplier<EventLoop> loops) {
        return new HostView(engine, new PropagatedPaths(folder), loops, PROC);
    }

    /**
     * Makes sure that the engine sees the very mount that this process has at a path where it will
     * look for it, and that it is a certain volume.
     *
     * @throws IOException saying what the engine sees instead, and what to do
     */
    public void verify(Path point, UUID id) throws IOException {
        int pid = enginePid();
        List<Mount> ownMounts = ownMounts();
        List<Mount> theirMounts = mounts(pid);
        Mount own =
                Mount.at(ownMounts, point.toString())
                        .orElseThrow(() -> new IOException("nothing is mounted at " + point));
        Path there = paths.of(point, ownMounts, theirMounts).orElseThrow(() -> unseenMount(point));
        Mount theirs =
                Mount.at(theirMounts, there.toString()).orElseThrow(() -> unseenMount(point));
        Path seen = proc.resolve(pid + "/root").resolve(Path.of("/").relativize(there));
        Optional<UUID> identity = VolumeFolder.identity(seen);
        if (!theirs.isSameAs(own) || !isSameFolder(seen, point)) {
            throw new IOException(
                    "the engine sees another mount at " + point + " than the agent: unmount it");
        }
        if (identity.filter(id::equals).isEmpty()) {
            throw new IOException(
                    "what is mounted at "
                            + point
                            + identity.map(other -> " is the volume " + other)
                                    .orElse(" is no volume")
                            + ", and not "
                            + id
                            + ": unmount it");
        }
    }

    private IOException unseenMount(Path point) {
        return new IOException(
                "the engine does not see the mount at " + point + ": " + paths.remedy(point));
    }

    /**
     * Makes sure that this process sees those of the host, among which the users of volumes are. It
     * needs no engine where it sees all processes that there are.
     *
     * @throws IOException saying what to do
     */
    public void verifyProcesses() throws IOException {
        if (!seesProcesses) {
            if (!Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString().equals(ALL)) {
                enginePid();
            }
            // A process never leaves its namespace.
            seesProcesses = true;
        }
    }

    /** Why mounts below a folder would not be seen by the engine; empty when they would. */
    public Optional<Absence> missing(Path root) {
        if (process == null) {
            return Optional.of(
                    new Absence(
                            "the engine at " + engine + " is not reached by a socket of this host",
                            "run the agent where its engine is, and name its socket in"
                                    + " DOCKER_HOST"));
        }
        try {
            Optional<Mount> own = Mount.holding(ownMounts(), real(root));
            return own.isPresent()
                    ? missing(process, root, own.get())
                    : Optional.of(new Absence(root + " is on no mount", paths.remedy(root)));
        } catch (IOException e) {
            return Optional.of(
                    new Absence(
                            "the mounts of this host cannot be read: " + e.getMessage(),
                            "start the container with --privileged and --pid=host"));
        }
    }

    private Optional<Absence> missing(EngineProcess listening, Path root, Mount own)
            throws IOException {
        int pid;
        try {
            pid = listening.pid();
        } catch (IOException e) {
            // It is away, which others tell; a mount that spreads will do.
            return own.spread().peers() > 0 ? Optional.empty() : Optional.of(unseen(root));
        }
        if (pid == 0) {
            return Optional.of(
                    new Absence(
                            "the engine's process cannot be seen",
                            "start the container with --pid=host"));
        }
        boolean together = namespace("self").equals(namespace(String.valueOf(pid)));
        return paths.reach(own, mounts(pid), together)
                ? Optional.empty()
                : Optional.of(unseen(root));
    }

    private Absence unseen(Path root) {
        return new Absence(
                "the engine would not see what is mounted below " + root, paths.remedy(root));
    }

    private int enginePid() throws IOException {
        if (process == null) {
            throw new IOException(
                    "the engine at "
                            + engine
                            + " is not reached by a socket of this host, so what it sees cannot be"
                            + " told: name its socket in DOCKER_HOST");
        }
        int pid = process.pid();
        if (pid == 0) {
            throw new IOException(
                    "the engine's process cannot be seen: start the container with --pid=host");
        }
        return pid;
    }

    private List<Mount> ownMounts() throws IOException {
        return Mount.read(proc.resolve("self/mountinfo"));
    }

    private List<Mount> mounts(int pid) throws IOException {
        return Mount.read(proc.resolve(pid + "/mountinfo"));
    }

    private String namespace(String process) throws IOException {
        return Files.readSymbolicLink(proc.resolve(process + "/ns/mnt")).toString();
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            return folder.toAbsolutePath().normalize();
        }
    }

    private static boolean isSameFolder(Path seen, Path own) throws IOException {
        Map<String, Object> one = Files.readAttributes(seen, "unix:dev,ino");
        return one.equals(Files.readAttributes(own, "unix:dev,ino"));
    }
}
