// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.error.CallerException;
import io.hostagent.core.jail.Errno;
import io.hostagent.core.jail.Handle;
import io.hostagent.core.jail.Jail;
import io.hostagent.core.jail.JailPath;
import io.hostagent.core.jail.KernelException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One uploaded file. Its content may come before the folder that it is for, as it does from a
 * Portainer server; then it waits on the file system of the root. Used by one thread at a time.
 */
final class Upload implements Closeable {

    private static final int LONGEST_NAME = 255;

    private final FileTree tree;
    private final Jail jail;
    private final Consumer<JailPath> about;
    private @Nullable JailPath folder;
    private @Nullable Handle spoolFolder;
    private @Nullable Spool spool;
    private @Nullable String name;

    /**
     * Begins.
     *
     * @param about is told where the file will be before anything is made there
     */
    Upload(FileTree tree, Consumer<JailPath> about) throws IOException {
        this.tree = tree;
        this.about = about;
        this.jail = tree.open();
    }

    /** The folder that the file is for. */
    void path(String path) {
        if (path.isEmpty()) {
            throw invalid("Invalid file path");
        }
        folder = tree.within(path);
        if (name != null) {
            about.accept(target());
        }
    }

    /** Where the file will be. */
    JailPath target() {
        if (name == null) {
            throw invalid("Http: no such file");
        }
        if (folder == null) {
            throw invalid("Invalid file path");
        }
        return folder.then(new JailPath(List.of(name)));
    }

    /** The content begins. */
    void begin(String filename) throws IOException {
        if (spool != null) {
            throw invalid("There is more than one file");
        }
        name = nameOf(filename);
        if (folder != null) {
            about.accept(target());
        }
        spoolFolder = folder == null ? jail.folder(JailPath.ROOT) : jail.makeFolders(folder);
        spool = Spool.in(spoolFolder);
    }

    /** Browsers send a name; some old ones send a whole path. */
    private static String nameOf(String filename) {
        String last = filename.substring(filename.lastIndexOf('/') + 1);
        if (last.isEmpty()
                || last.equals(".")
                || last.equals("..")
                || last.indexOf('\0') >= 0
                || last.getBytes(UTF_8).length > LONGEST_NAME) {
            throw CallerException.badRequest("Invalid filename", "It is no name of a file");
        }
        return last;
    }

    /** The next part of the content, in pieces. */
    void write(ByteBuffer[] parts) throws IOException {
        if (spool != null) {
            spool.write(parts);
        }
    }

    /** All has come: the file gets its name. */
    void finish() throws IOException {
        JailPath path = target();
        Spool content = spool;
        if (content == null) {
            throw invalid("Http: no such file");
        }
        String wanted = path.name();
        try (Handle target = jail.makeFolders(path.parent())) {
            Spool.requireReplaceable(target, wanted);
            try {
                content.becomes(target, wanted, true);
            } catch (KernelException e) {
                if (e.errno() != Errno.XDEV) {
                    throw e;
                }
                try (Spool copy = content.copiedTo(target)) {
                    copy.becomes(target, wanted, true);
                }
            }
        }
    }

    private static CallerException invalid(String details) {
        return CallerException.badRequest("Invalid request payload", details);
    }

    @Override
    public void close() throws IOException {
        Spool unfinished = spool;
        spool = null;
        Handle held = spoolFolder;
        spoolFolder = null;
        try (jail) {
            if (unfinished != null) {
                unfinished.close();
            }
            if (held != null) {
                held.close();
            }
        }
    }
}
