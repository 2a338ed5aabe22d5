// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.host;

import io.hostagent.core.capability.Need.Absence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The root of the host's files as this agent sees it: {@code /host} where that is a mount of it,
 * and {@code /} for an agent that is in no container. It looks anew at each question, since what
 * was missing may be there by now. That blocks, for as long as reading a few of the kernel's files
 * takes.
 */
public final class HostRoot {

    private static final String MOUNT = "/host";
    private static final String REMEDY =
            "mount it there: -v /:/host:ro, or -v /:/host where files shall be changed, too";

    private final Path own;

    /** The root of this host. */
    public HostRoot() {
        this(Path.of("/"));
    }

    /**
     * The root of a host whose files are elsewhere.
     *
     * @param own the root of the agent
     */
    public HostRoot(Path own) {
        this.own = own;
    }

    /** Where it is; empty when {@link #missing} says why. */
    public Optional<Path> path() {
        return look() instanceof There there ? Optional.of(there.path()) : Optional.empty();
    }

    /** Why there is none, and what to do; empty when there is one. */
    public Optional<Absence> missing() {
        return look() instanceof Away away ? Optional.of(away.absence()) : Optional.empty();
    }

    /** The root of the agent itself, which in a container is none of the host's. */
    public Path agentRoot() {
        return own;
    }

    /** The mounts of this process. */
    public List<Mount> ownMounts() throws IOException {
        return Mount.read(own.resolve("proc/self/mountinfo"));
    }

    private Look look() {
        List<Mount> mounts;
        try {
            mounts = ownMounts();
        } catch (IOException e) {
            return new Away(
                    new Absence("/proc/self/mountinfo cannot be read", "run the agent on Linux"));
        }
        Optional<Mount> mounted = Mount.at(mounts, MOUNT);
        if (mounted.isPresent() && isOfTheHost(mounted.get())) {
            return new There(own.resolve("host"));
        }
        if (!OwnContainer.holds(mounts)) {
            return new There(own);
        }
        return new Away(
                new Absence(
                        mounted.isPresent()
                                ? "what is mounted at /host is not the host's root"
                                : "the host's root is not mounted at /host",
                        REMEDY));
    }

    /**
     * It is what the first process of the host has for its root. Where that cannot be seen, because
     * {@code /proc} is not mounted with the root or is hidden, it has to look like a root.
     */
    private boolean isOfTheHost(Mount mounted) {
        Path host = own.resolve("host");
        try {
            Optional<Mount> first = Mount.at(Mount.read(host.resolve("proc/1/mountinfo")), "/");
            if (first.isPresent()) {
                return first.get().isSameAs(mounted);
            }
        } catch (IOException e) {
            // Not to be seen; the folders below are.
        }
        return Files.isDirectory(host.resolve("etc")) && Files.isDirectory(host.resolve("usr"));
    }

    private sealed interface Look {}

    private record There(Path path) implements Look {}

    private record Away(Absence absence) implements Look {}
}
