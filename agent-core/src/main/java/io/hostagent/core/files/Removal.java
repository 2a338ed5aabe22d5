// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.jail.Errno;
import io.hostagent.core.jail.FileStatus;
import io.hostagent.core.jail.FolderNames;
import io.hostagent.core.jail.Handle;
import io.hostagent.core.jail.KernelException;
import java.io.IOException;

/**
 * Removes a folder with all that is in it. Links are removed and not followed, and what is mounted
 * somewhere below is not touched: it belongs to somebody else.
 */
final class Removal {

    /** Each level keeps a folder open. */
    private static final int DEEPEST = 500;

    private final long mount;

    private Removal(long mount) {
        this.mount = mount;
    }

    /** Removes a name in a folder. */
    static void of(Handle parent, String name) throws IOException {
        FileStatus status = parent.status(name);
        if (status.isDirectory()) {
            new Removal(parent.status().mountOrDevice()).empty(parent, name, 1);
        }
        parent.remove(name);
    }

    private void empty(Handle parent, String name, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new IOException("There are more than " + DEEPEST + " folders in one another");
        }
        try (Handle folder = parent.child(name)) {
            FileStatus status = folder.status();
            if (status.mountOrDevice() != mount) {
                throw new IOException("Something is mounted at " + name + ": unmount it first");
            }
            // File systems may skip names while others are removed, so it is read once more.
            int removed;
            do {
                removed = removeAll(folder, depth);
            } while (removed > 0);
        }
    }

    private int removeAll(Handle folder, int depth) throws IOException {
        int removed = 0;
        try (FolderNames names = folder.names()) {
            for (byte[] bytes = names.next(); bytes != null; bytes = names.next()) {
                removed += remove(folder, new String(bytes, UTF_8), depth) ? 1 : 0;
            }
        }
        return removed;
    }

    private boolean remove(Handle folder, String name, int depth) throws IOException {
        try {
            if (folder.status(name).isDirectory()) {
                empty(folder, name, depth + 1);
            }
            folder.remove(name);
            return true;
        } catch (KernelException e) {
            // Somebody else was quicker, or it is no text and so has no name here.
            if (e.errno() == Errno.NOENT) {
                return false;
            }
            throw e;
        }
    }
}
