// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.core.kernel.HostFiles;
import java.nio.file.Path;

/**
 * What a collector reads in one scrape.
 *
 * @param files where the host's are
 * @param text to read them with, one file after the other
 */
record NodeScrape(HostFiles files, KernelText text) {

    /** A file of {@code /proc} about what the machine has once. */
    Path proc(String file) {
        return files.proc().resolve(file);
    }

    /** A file of {@code /proc/net} about the host's own network, whatever network the agent has. */
    Path net(String file) {
        return files.first().orElse(files.proc()).resolve("net").resolve(file);
    }

    /** A file or folder of {@code /sys}. */
    Path sys(String file) {
        return files.sys().resolve(file);
    }
}
