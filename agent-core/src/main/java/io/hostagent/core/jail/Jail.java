// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.jail;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One folder, and nothing outside of it. A path is resolved by openat2(2) (Linux 5.6) within {@link
 * Bounds}, in one call of the kernel that no change on the way can mislead, or by {@link Steps}
 * where there is no such call. All methods block.
 */
public final class Jail implements Closeable {

    /** A folder on the way was moved meanwhile: openat2(2) says to try again. */
    private static final int TRIES = 64;

    /** How paths are resolved. */
    enum Way {
        KERNEL,
        STEPS
    }

    private static volatile @Nullable Way known;

    private final Handle root;
    private final Bounds bounds;
    private final Way way;

    private Jail(Handle root, Bounds bounds, Way way) {
        this.root = root;
        this.bounds = bounds;
        this.way = way;
    }

    /**
     * Opens a folder.
     *
     * @param folder a path of this process; its last name must not be a link
     * @throws KernelException when there is none
     */
    public static Jail open(Path folder, Bounds bounds) throws IOException {
        Handle root = new Handle(Kernel.openRoot(folder.toString()));
        try {
            Way way = known;
            if (way == null) {
                way = wayOf(root);
                known = way;
            }
            return new Jail(root, bounds, way);
        } catch (IOException e) {
            root.close();
            throw e;
        }
    }

    static Jail open(Path folder, Bounds bounds, Way way) throws IOException {
        return new Jail(new Handle(Kernel.openRoot(folder.toString())), bounds, way);
    }

    /** Whether something is mounted at a folder, as this process sees it. */
    public static boolean isMountPoint(Path folder) throws IOException {
        Path above = folder.getParent();
        if (above == null) {
            return true;
        }
        try (Handle inner = new Handle(Kernel.openRoot(folder.toString()));
                Handle outer = new Handle(Kernel.openRoot(above.toString()))) {
            return inner.status().mountOrDevice() != outer.status().mountOrDevice();
        }
    }

    private static Way wayOf(Handle root) throws IOException {
        try {
            int probe = Kernel.openat2(root.number(), ".", Kernel.O_PATH, Bounds.VOLUME.resolve());
            Kernel.close(probe);
            return Way.KERNEL;
        } catch (KernelException e) {
            // Older kernels do not know the call, and older engines do not let containers make it.
            if (e.errno() == Errno.NOSYS || e.errno() == Errno.PERM) {
                return Way.STEPS;
            }
            throw e;
        }
    }

    /** The folder itself; it is closed with the jail. */
    public Handle root() {
        return root;
    }

    /**
     * Opens what a path leads to, by its name only: nothing is done to it, and it may be of any
     * kind but a link. Links within the bounds are followed.
     *
     * @throws OutsideException when it leads out, be it only on the way, or over a link of procfs
     * @throws KernelException when there is no such thing
     */
    public Handle find(JailPath path) throws IOException {
        try {
            return resolve(path);
        } catch (KernelException e) {
            if (e.errno() == Errno.XDEV || e.errno() == Errno.LOOP) {
                throw new OutsideException(e.errno());
            }
            throw e;
        }
    }

    private Handle resolve(JailPath path) throws IOException {
        if (way == Way.STEPS) {
            return Steps.walk(root, bounds, path);
        }
        String name = path.isRoot() ? "." : path.toString();
        for (int i = 1; ; i++) {
            try {
                return new Handle(
                        Kernel.openat2(root.number(), name, Kernel.O_PATH, bounds.resolve()));
            } catch (KernelException e) {
                if (e.errno() != Errno.AGAIN || i == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** Opens the folder that a path's last name is in; the path must not be the root. */
    public Handle parent(JailPath path) throws IOException {
        return folder(path.parent());
    }

    /** Opens a folder, and nothing else. */
    public Handle folder(JailPath path) throws IOException {
        Handle found = find(path);
        try {
            if (!found.status().isDirectory()) {
                throw new KernelException(Errno.NOTDIR);
            }
            return found;
        } catch (IOException e) {
            found.close();
            throw e;
        }
    }

    /** Opens a folder, and makes it and those above it if they are not there. */
    public Handle makeFolders(JailPath path) throws IOException {
        try {
            return folder(path);
        } catch (KernelException e) {
            if (e.errno() != Errno.NOENT || path.isRoot()) {
                throw e;
            }
        }
        try (Handle above = makeFolders(path.parent())) {
            try {
                above.makeFolder(path.name());
            } catch (KernelException e) {
                // Somebody else was quicker.
                if (e.errno() != Errno.EXIST) {
                    throw e;
                }
            }
        }
        return folder(path);
    }

    @Override
    public void close() throws IOException {
        root.close();
    }
}
