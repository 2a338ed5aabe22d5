// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.plugin;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a Unix socket by which engines find a server. It is made under another name and then
 * put in its place, so that nobody meets one that is not listened on, or that others may use; and
 * what an earlier server left there goes in the same moment. Everything blocks.
 */
final class SocketFile {

    private static final Logger log = LoggerFactory.getLogger(SocketFile.class);

    private final Path path;
    private final Path fresh;
    private @Nullable Object key;

    /**
     * Names it; nothing is looked at yet.
     *
     * @param path in a folder that is for this socket alone
     */
    SocketFile(Path path) {
        this.path = path.toAbsolutePath();
        this.fresh = this.path.resolveSibling(".new-" + ProcessHandle.current().pid());
    }

    /**
     * Makes room for it.
     *
     * @return where the socket is to be bound
     * @throws IOException also when another process listens there, or the file is no socket
     */
    Path prepare() throws IOException {
        Path folder = fresh.resolveSibling("");
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        if (isThere() && isListenedOn()) {
            throw new IOException("another process listens on it");
        }
        Files.deleteIfExists(fresh);
        return fresh;
    }

    /** Shows the bound socket to engines. */
    synchronized void publish() throws IOException {
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        key = attributes().fileKey();
    }

    /** Takes the socket away, unless it is another server's by now. */
    synchronized void remove() {
        if (isInPlace()) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                log.warn("{} stays behind: {}", path, e.getMessage());
            }
        }
        key = null;
    }

    /** Whether the socket that was published is what engines find. */
    synchronized boolean isInPlace() {
        try {
            return key != null && key.equals(attributes().fileKey());
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isThere() throws IOException {
        try {
            if (attributes().isOther()) {
                return true;
            }
        } catch (NoSuchFileException e) {
            return false;
        }
        throw new IOException("it is no socket: move it away");
    }

    /** Where nobody listens, a connection is refused; a full queue of them fails otherwise. */
    private boolean isListenedOn() {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
