// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.jail;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Walks a path name by name, where the kernel cannot do it within bounds. Every folder on the way
 * stays open, so that one step back is the folder that was come from, wherever it has been moved
 * to.
 */
final class Steps implements AutoCloseable {

    /** As many as the kernel follows in one path (path_resolution(7)). */
    private static final int MOST_LINKS = 40;

    private final Handle root;
    private final Bounds bounds;
    private final long mount;
    private final Deque<Handle> folders = new ArrayDeque<>();
    private final Deque<String> ahead = new ArrayDeque<>();
    private int links;

    private Steps(Handle root, Bounds bounds, List<String> path) throws IOException {
        this.root = root;
        this.bounds = bounds;
        this.mount = root.status().mountOrDevice();
        ahead.addAll(path);
    }

    /** Opens what a path leads to. */
    static Handle walk(Handle root, Bounds bounds, JailPath path) throws IOException {
        try (Steps steps = new Steps(root, bounds, path.elements())) {
            return steps.walk();
        }
    }

    private Handle walk() throws IOException {
        while (!ahead.isEmpty()) {
            String name = ahead.removeFirst();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                back();
                continue;
            }
            Handle found = here().child(name);
            try {
                FileStatus status = found.status();
                if (status.type() == FileStatus.Type.LINK) {
                    found.close();
                    follow(here().linkTarget(name));
                    continue;
                }
                if (bounds == Bounds.VOLUME && status.mountOrDevice() != mount) {
                    throw new KernelException(Errno.XDEV);
                }
                if (!status.isDirectory()) {
                    if (ahead.isEmpty()) {
                        return found;
                    }
                    throw new KernelException(Errno.NOTDIR);
                }
                folders.addLast(found);
            } catch (IOException e) {
                found.close();
                throw e;
            }
        }
        // What is handed out is the caller's to close.
        return folders.isEmpty() ? copy(root) : folders.removeLast();
    }

    private Handle here() {
        return folders.isEmpty() ? root : folders.getLast();
    }

    private static Handle copy(Handle folder) throws IOException {
        return new Handle(
                Kernel.openat(folder.number(), ".", Kernel.O_PATH | Kernel.O_DIRECTORY, 0));
    }

    private void back() throws IOException {
        if (!folders.isEmpty()) {
            folders.removeLast().close();
        } else if (bounds == Bounds.VOLUME) {
            throw new KernelException(Errno.XDEV);
        }
    }

    private void follow(String target) throws IOException {
        links++;
        if (links > MOST_LINKS || target.isEmpty()) {
            throw new KernelException(Errno.LOOP);
        }
        if (target.startsWith("/")) {
            if (bounds == Bounds.VOLUME) {
                throw new KernelException(Errno.XDEV);
            }
            closeFolders();
        }
        List<String> names = List.of(target.split("/"));
        names.reversed().forEach(ahead::addFirst);
    }

    private void closeFolders() throws IOException {
        while (!folders.isEmpty()) {
            folders.removeLast().close();
        }
    }

    @Override
    public void close() throws IOException {
        closeFolders();
    }
}
