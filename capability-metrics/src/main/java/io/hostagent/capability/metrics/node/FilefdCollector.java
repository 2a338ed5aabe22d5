// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;

/** Open files of the whole host, from {@code /proc/sys/fs/file-nr}. */
final class FilefdCollector implements NodeCollector {

    private static final Family ALLOCATED =
            Family.gauge("node_filefd_allocated", "Files that are open.");
    private static final Family MAXIMUM =
            Family.gauge("node_filefd_maximum", "Files that can be open at most.");

    @Override
    public String name() {
        return "filefd";
    }

    /** The number between the two was that of unused ones, and is 0 since Linux 2.6. */
    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        KernelText text = scrape.read(scrape.proc("sys/fs/file-nr"));
        if (!text.line() || !text.field()) {
            throw new KernelFormatException("/proc/sys/fs/file-nr is empty");
        }
        double allocated = text.unsigned();
        if (!text.skip(2)) {
            throw new KernelFormatException("/proc/sys/fs/file-nr has fewer than three numbers");
        }
        samples.family(ALLOCATED).add(allocated);
        samples.family(MAXIMUM).add(text.unsigned());
    }
}
