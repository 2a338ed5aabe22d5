// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A mount, as a line of {@code /proc/PID/mountinfo} tells it; see proc_pid_mountinfo(5).
 *
 * @param device major and minor number of its file system, such as {@code 254:0}
 * @param root the folder of the file system that is mounted, {@code /} for all of it
 * @param point where it is mounted, below the root of the process whose file that is
 * @param readOnly whether nothing can be written by this way
 * @param type of the file system, such as {@code ext4}
 * @param source what is mounted: a device, a server's folder, or any word
 * @param spread with which other mounts it has what is mounted below it in common
 */
public record Mount(
        String device,
        String root,
        String point,
        boolean readOnly,
        String type,
        String source,
        Spread spread) {

    /** Those of this process. */
    public static final Path OWN = Path.of("/proc/self/mountinfo");

    /** The fields in front of the optional ones, and those behind the lone hyphen. */
    private static final int FIRST_OPTIONAL = 6;

    private static final int BEHIND_HYPHEN = 4;

    /**
     * How mounts and unmounts spread; see mount_namespaces(7). Groups have numbers, from 1 on.
     *
     * @param peers the group whose members have them all in common; 0 when it is in none
     * @param master the group that they come from, and do not go back to; 0 when there is none
     */
    public record Spread(int peers, int master) {

        /** Neither to nor from anywhere. */
        public static final Spread PRIVATE = new Spread(0, 0);
    }

    /** A mount of which nobody wants to know how it spreads. */
    public Mount(
            String device,
            String root,
            String point,
            boolean readOnly,
            String type,
            String source) {
        this(device, root, point, readOnly, type, source, Spread.PRIVATE);
    }

    /**
     * The mounts of a process, in the order in which they were made.
     *
     * @param mountinfo such as {@code /proc/self/mountinfo}
     */
    public static List<Mount> read(Path mountinfo) throws IOException {
        return parse(new String(Files.readAllBytes(mountinfo), UTF_8));
    }

    /** The mounts that this process sees, in the order in which they were made. */
    public static List<Mount> own() throws IOException {
        return read(OWN);
    }

    /** Whether something is mounted at a path, whose symbolic links are followed first. */
    public static boolean isPoint(Path path) throws IOException {
        return Files.exists(path) && at(own(), path.toRealPath().toString()).isPresent();
    }

    /** The mounts of a file's text; a line that is none is left out. */
    public static List<Mount> parse(String mountinfo) {
        List<Mount> mounts = new ArrayList<>();
        mountinfo.lines().forEach(line -> parseLine(line).ifPresent(mounts::add));
        return mounts;
    }

    /** What is seen at a path: the last of all that are mounted there. */
    public static Optional<Mount> at(List<Mount> mounts, String point) {
        return mounts.reversed().stream().filter(mount -> mount.point.equals(point)).findFirst();
    }

    /** What a path is in: of the mounts on the way to it, the last of those that reach furthest. */
    public static Optional<Mount> holding(List<Mount> mounts, Path path) {
        Mount holding = null;
        for (Mount mount : mounts) {
            if (path.startsWith(mount.point)
                    && (holding == null || mount.point.length() >= holding.point.length())) {
                holding = mount;
            }
        }
        return Optional.ofNullable(holding);
    }

    /** Whether both show the same folder of the same file system. */
    public boolean isSameAs(Mount other) {
        return device.equals(other.device) && root.equals(other.root);
    }

    private static Optional<Mount> parseLine(String line) {
        List<String> fields = List.of(line.split(" ", -1));
        int hyphen =
                fields.size() < FIRST_OPTIONAL
                        ? -1
                        : fields.subList(FIRST_OPTIONAL, fields.size()).indexOf("-");
        int behind = FIRST_OPTIONAL + hyphen;
        if (hyphen < 0 || fields.size() < behind + BEHIND_HYPHEN) {
            return Optional.empty();
        }
        return Optional.of(
                new Mount(
                        fields.get(2),
                        unescape(fields.get(3)),
                        unescape(fields.get(4)),
                        isReadOnly(fields.get(5)) || isReadOnly(fields.get(behind + 3)),
                        unescape(fields.get(behind + 1)),
                        unescape(fields.get(behind + 2)),
                        spread(fields.subList(FIRST_OPTIONAL, behind))));
    }

    private static Spread spread(List<String> optional) {
        return new Spread(group("shared:", optional), group("master:", optional));
    }

    private static int group(String tag, List<String> optional) {
        for (String field : optional) {
            if (field.startsWith(tag)) {
                try {
                    return Integer.parseInt(field, tag.length(), field.length(), 10);
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 0;
    }

    /** Whether the options of a mount, or those of its file system, forbid to write. */
    public static boolean isReadOnly(String options) {
        return options.equals("ro") || options.startsWith("ro,");
    }

    /** Takes back the kernel's octal numbers for spaces, tabs, line ends and backslashes. */
    public static String unescape(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        byte[] bytes = field.getBytes(UTF_8);
        ByteArrayOutputStream plain = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\\'
                    && i + 3 < bytes.length
                    && isOctal(bytes[i + 1])
                    && isOctal(bytes[i + 2])
                    && isOctal(bytes[i + 3])) {
                plain.write(
                        (bytes[i + 1] - '0') << 6 | (bytes[i + 2] - '0') << 3 | bytes[i + 3] - '0');
                i += 3;
            } else {
                plain.write(bytes[i]);
            }
        }
        return plain.toString(UTF_8);
    }

    private static boolean isOctal(byte digit) {
        return digit >= '0' && digit <= '7';
    }
}
