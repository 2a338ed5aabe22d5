// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.jail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open file or folder. Whatever happens to its name, this stays the same one. All of its methods
 * block, and all throw a {@link KernelException} when the kernel refuses.
 */
public final class Handle implements Closeable {

    /** What a new folder or file of the agent's may be, less what nobody else may change. */
    private static final int NEW_FOLDER = 0755;

    private static final int NEW_FILE = 0644;

    private final int number;
    private final AtomicBoolean closed = new AtomicBoolean();

    Handle(int number) {
        this.number = number;
    }

    int number() {
        if (closed.get()) {
            // The kernel may have given the number to somebody else's file.
            throw new IllegalStateException("It is closed");
        }
        return number;
    }

    /** Another name of what is open, that leads there without any other name. */
    public Path path() {
        return Path.of("/proc/self/fd/" + number());
    }

    /** What it is. */
    public FileStatus status() throws IOException {
        return Kernel.status(number(), new byte[0]);
    }

    /** What a name in this folder is; a link is not followed. */
    public FileStatus status(String name) throws IOException {
        return status(name.getBytes(UTF_8));
    }

    /** The same for a name that need not be a text. */
    public FileStatus status(byte[] name) throws IOException {
        return Kernel.status(number(), name);
    }

    /** Opens the content of what is a plain file, from its beginning. */
    public FileChannel read() throws IOException {
        return FileChannel.open(path(), StandardOpenOption.READ);
    }

    /** Opens the content of what is a plain file, to write from its beginning. */
    public FileChannel write() throws IOException {
        return FileChannel.open(path(), StandardOpenOption.WRITE);
    }

    /** Opens a name in this folder, be it a link, without following it. */
    public Handle child(String name) throws IOException {
        return new Handle(
                Kernel.openat(number(), plain(name), Kernel.O_PATH | Kernel.O_NOFOLLOW, 0));
    }

    /** Begins to read the names in this folder. */
    public FolderNames names() throws IOException {
        return new FolderNames(
                new Handle(Kernel.openat(number(), ".", Kernel.O_RDONLY | Kernel.O_DIRECTORY, 0)));
    }

    /** Where a link in this folder points to, as it is written there. */
    public String linkTarget(String name) throws IOException {
        return Kernel.readlink(number(), plain(name));
    }

    /** Makes a folder in this one. */
    public void makeFolder(String name) throws IOException {
        Kernel.mkdir(number(), plain(name), NEW_FOLDER);
    }

    /** Makes a link in this folder. */
    public void makeLink(String name, String target) throws IOException {
        Kernel.symlink(target, number(), plain(name));
    }

    /** Takes a name out of this folder; a folder has to be empty. */
    public void remove(String name) throws IOException {
        boolean folder = status(name).isDirectory();
        Kernel.unlink(number(), plain(name), folder);
    }

    /** Renames within a file system; what has the new name already is replaced, all at once. */
    public void rename(String name, Handle folder, String newName) throws IOException {
        Kernel.rename(number(), plain(name), folder.number(), plain(newName));
    }

    /** Makes a file in this folder's file system that has no name, and goes when it is closed. */
    public Handle createUnnamed() throws IOException {
        return new Handle(
                Kernel.openat(number(), ".", Kernel.O_TMPFILE | Kernel.O_WRONLY, NEW_FILE));
    }

    /** Makes a file in this folder that nobody has made yet. */
    public Handle create(String name) throws IOException {
        return new Handle(
                Kernel.openat(
                        number,
                        plain(name),
                        Kernel.O_CREAT | Kernel.O_EXCL | Kernel.O_NOFOLLOW | Kernel.O_WRONLY,
                        NEW_FILE));
    }

    /** Gives a file that has no name, or others, one in this folder, which must be new there. */
    public void link(String name, Handle file) throws IOException {
        Kernel.link(file.number(), number, plain(name));
    }

    /** Gives it to somebody, by IDs; it must be open for more than its name. */
    public void giveTo(int user, int group) throws IOException {
        Kernel.chown(number(), user, group);
    }

    /** Gives a name in this folder, be it a link, to somebody. */
    public void giveTo(String name, int user, int group) throws IOException {
        Kernel.chown(number(), plain(name), user, group);
    }

    /** Sets its permissions, the twelve lowest bits of a mode. */
    public void permit(int permissions) throws IOException {
        Kernel.chmod(number(), permissions);
    }

    /** Sets when it was changed last, in seconds since 1970. */
    public void changedAt(long seconds) throws IOException {
        Kernel.touch(number(), seconds);
    }

    /** Opens the same folder once more, for what needs more than its name. */
    public Handle reopened() throws IOException {
        return new Handle(Kernel.openat(number(), ".", Kernel.O_RDONLY | Kernel.O_DIRECTORY, 0));
    }

    /** A name is one name: with a slash or upwards, the kernel would take it for a path. */
    private static String plain(String name) throws KernelException {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.contains("/")) {
            throw new KernelException(Errno.INVAL);
        }
        return name;
    }

    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            Kernel.close(number);
        }
    }
}
