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
 */
public record Mount(
        String device, String root, String point, boolean readOnly, String type, String source) {

    /** The fields in front of the optional ones, and those behind the lone hyphen. */
    private static final int FIRST_OPTIONAL = 6;

    private static final int BEHIND_HYPHEN = 4;

    /**
     * The mounts of a process, in the order in which they were made.
     *
     * @param mountinfo such as {@code /proc/self/mountinfo}
     */
    public static List<Mount> read(Path mountinfo) throws IOException {
        return parse(new String(Files.readAllBytes(mountinfo), UTF_8));
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
                        unescape(fields.get(behind + 2))));
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
