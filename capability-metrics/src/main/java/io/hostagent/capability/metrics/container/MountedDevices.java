// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.core.kernel.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The block devices with file systems that are mounted on the host, from {@code /proc/1/mountinfo}.
 * That file has a line or two for each container, and what is of interest changes seldom, so that
 * it is read once a minute at most. For one thread.
 */
final class MountedDevices {

    private static final long HOLDS = Duration.ofSeconds(60).toNanos();

    /** Behind the last of the optional fields. */
    private static final String OPTIONAL_END = "-";

    /**
     * A device.
     *
     * @param number major and minor, such as {@code 254:0}
     * @param source such as {@code /dev/vda}
     * @param point the first place where it is mounted
     */
    record Mounted(String number, String source, String point) {}

    private List<Mounted> devices = List.of();
    private List<Mounted> mounts = List.of();
    private long read;
    private boolean wasRead;

    /** Looks at them again, if that is due. */
    void refresh(HostFiles files, KernelText text, long now) throws IOException {
        Optional<Path> first = files.first();
        if (first.isEmpty() || (wasRead && now - read < HOLDS)) {
            return;
        }
        text.read(first.get().resolve("mountinfo"));
        parse(text);
        read = now;
        wasRead = true;
    }

    /** Takes those of a file that was read. */
    void parse(KernelText text) {
        List<Mounted> found = new ArrayList<>();
        while (text.line()) {
            if (!text.skip(3)) {
                continue;
            }
            // Every mount has these; only those of devices are kept.
            String number = text.text();
            text.skip(2);
            String point = text.text();
            boolean more = text.field();
            while (more && !text.is(OPTIONAL_END)) {
                more = text.field();
            }
            if (more && text.field() && !text.startsWith("fuse") && text.field()) {
                if (text.startsWith("/dev/")) {
                    found.add(new Mounted(number, text.text(), unescape(point)));
                }
            }
        }
        mounts = found;
        Set<String> sources = new HashSet<>();
        devices = found.stream().filter(mounted -> sources.add(mounted.source())).toList();
    }

    /** Each of them once. */
    List<Mounted> all() {
        return devices;
    }

    /** All mounts of them. */
    List<Mounted> mounts() {
        return mounts;
    }

    /** The one that holds a path of the host. */
    static Optional<Mounted> holding(String path, List<Mounted> mounts) {
        Mounted best = null;
        for (Mounted mounted : mounts) {
            String point = mounted.point();
            boolean holds = point.equals("/") || path.equals(point) || path.startsWith(point + "/");
            if (holds && (best == null || point.length() >= best.point().length())) {
                best = mounted;
            }
        }
        return Optional.ofNullable(best);
    }

    private static String unescape(String point) {
        return point.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
