// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All that can be told of the files below a folder, to compare a copy with what it is of. */
final class Tree {

    /** Sparse: all of it is a hole, but for its end. */
    static final long SPARSE_SIZE = 1L << 28;

    private static final int FILE_TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;

    /** One may read, and everybody else nothing: version 2, then (tag, permissions, ID)... */
    private static final String ACCESS_LIST =
            "02000000"
                    + "01000600ffffffff"
                    + "02000400e8030000"
                    + "04000000ffffffff"
                    + "10000400ffffffff"
                    + "20000000ffffffff";

    /** {@code cap_net_bind_service+ep}, version 2. */
    private static final String CAPABILITY = "0100000200040000000000000000000000000000";

    private Tree() {}

    /**
     * Describes every file, each by its path and a line: mode with type, owner, size, time, the
     * first path of the same file, where a link leads to, extended attributes, and a hash.
     */
    static Map<String, String> of(Path folder) {
        Map<String, String> found = new TreeMap<>();
        Map<Object, String> first = new HashMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                String name = folder.relativize(file).toString();
                found.put(name, line(file, name, first));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static String line(Path file, String name, Map<Object, String> first)
            throws IOException {
        Map<String, Object> is = Files.readAttributes(file, "unix:*", LinkOption.NOFOLLOW_LINKS);
        int mode = (Integer) value(is, "mode");
        boolean regular = (mode & FILE_TYPE) == REGULAR;
        boolean folder = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
        String same = folder ? name : first.computeIfAbsent(value(is, "ino"), key -> name);
        Instant time = ((FileTime) value(is, "lastModifiedTime")).toInstant();
        return String.join(
                " ",
                Integer.toOctalString(mode),
                value(is, "uid") + ":" + value(is, "gid"),
                folder ? "-" : String.valueOf(value(is, "size")),
                time.toString(),
                "as " + same,
                (mode & FILE_TYPE) == LINK ? "-> " + Files.readSymbolicLink(file) : "",
                Xattrs.of(file).toString(),
                regular ? hash(file) : "");
    }

    private static Object value(Map<String, Object> attributes, String name) {
        return Objects.requireNonNull(attributes.get(name), name);
    }

    private static String hash(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Makes one of everything below a folder: hard and symbolic links, a sparse file, extended
     * attributes, capabilities, an access list, a program with set-user-ID, a pipe, names with a
     * new line and other letters, times with nanoseconds, and many small files.
     */
    static void grow(Path folder, int files) {
        try {
            Path plain = Files.writeString(folder.resolve("plain"), "words\n");
            Files.setAttribute(plain, "unix:uid", 1000);
            Files.setAttribute(plain, "unix:gid", 50);
            Files.createLink(folder.resolve("same as plain"), plain);
            Files.createSymbolicLink(folder.resolve("link"), Path.of("plain"));
            Files.createSymbolicLink(folder.resolve("nowhere"), Path.of("/no/where"));
            Path sparse = folder.resolve("sparse");
            try (FileChannel channel =
                    FileChannel.open(
                            sparse, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                channel.write(UTF_8.encode("the end"), SPARSE_SIZE - 7);
            }
            Xattrs.set(plain, "user.note", HexFormat.of().formatHex("of a user".getBytes(UTF_8)));
            Path program = Files.writeString(folder.resolve("program"), "#!/bin/sh\n");
            Files.setAttribute(program, "unix:mode", 0755);
            Xattrs.set(program, "security.capability", CAPABILITY);
            Path setuid = Files.writeString(folder.resolve("setuid"), "#!/bin/sh\n");
            Files.setAttribute(setuid, "unix:mode", 06755);
            Path listed = Files.writeString(folder.resolve("access list"), "for one\n");
            Xattrs.set(listed, "system.posix_acl_access", ACCESS_LIST);
            pipe(folder.resolve("pipe"));
            Files.writeString(folder.resolve("two\nlines"), "of a name");
            Files.writeString(folder.resolve("größe-日本"), "other letters");
            Path many = Files.createDirectory(folder.resolve("many"));
            for (int i = 0; i < files; i++) {
                Files.writeString(many.resolve("file-" + i), "content " + i);
            }
            Files.setLastModifiedTime(
                    plain, FileTime.from(Instant.parse("2001-02-03T04:05:06.123456789Z")));
            Files.setLastModifiedTime(
                    many, FileTime.from(Instant.parse("2002-03-04T05:06:07.987654321Z")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pipe(Path path) throws IOException {
        try {
            Process made = new ProcessBuilder(List.of("mkfifo", path.toString())).start();
            if (made.waitFor() != 0) {
                throw new IOException(path + " could not be made");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
