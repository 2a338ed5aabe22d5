// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.kernel.HostName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The time zone of the host: that which its {@code /etc/localtime} is a link to. A container has
 * one of its own, which is UTC as a rule.
 */
final class HostTimeZone {

    private static final String ZONES = "/zoneinfo/";

    private HostTimeZone() {}

    /** The agent's, when it is on the host itself or cannot see the host's files. */
    static ZoneId of(HostFiles files) {
        if (HostName.isKernels(files)) {
            return ZoneId.systemDefault();
        }
        return files.root().flatMap(HostTimeZone::linked).orElseGet(ZoneId::systemDefault);
    }

    private static Optional<ZoneId> linked(Path root) {
        try {
            String target = Files.readSymbolicLink(root.resolve("etc/localtime")).toString();
            int at = target.indexOf(ZONES);
            return at < 0
                    ? Optional.empty()
                    : Optional.of(ZoneId.of(target.substring(at + ZONES.length())));
        } catch (IOException | DateTimeException e) {
            // No link but a copy, none at all, or a zone that Java does not know.
            return Optional.empty();
        }
    }
}
