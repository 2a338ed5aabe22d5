// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * For how long tasks waited for want of something, from {@code /proc/pressure}: {@code some} of
 * them or all of them ({@code full}), in microseconds since the host started.
 */
final class PressureCollector implements NodeCollector {

    private static final double MICROSECONDS = 1e6;
    private static final String ABSENT =
            "/proc/pressure needs a kernel of 4.20 or later that was built with CONFIG_PSI and not"
                    + " started with psi=0";

    private record Resource(String file, @Nullable Family some, @Nullable Family full) {}

    private static final List<Resource> RESOURCES =
            List.of(
                    new Resource("cpu", waiting("cpu", "a processor"), null),
                    new Resource("io", waiting("io", "a disk"), stalled("io", "a disk")),
                    new Resource(
                            "memory", waiting("memory", "memory"), stalled("memory", "memory")),
                    // A kernel before 6.1, or one that does not account interrupts, has no such
                    // file.
                    new Resource("irq", null, stalled("irq", "interrupts to be served")));

    private static Family waiting(String resource, String what) {
        return Family.counter(
                "node_pressure_" + resource + "_waiting_seconds_total",
                "Seconds in which some task waited for " + what + ".");
    }

    private static Family stalled(String resource, String what) {
        return Family.counter(
                "node_pressure_" + resource + "_stalled_seconds_total",
                "Seconds in which all tasks waited for " + what + ".");
    }

    @Override
    public String name() {
        return "pressure";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        for (Resource resource : RESOURCES) {
            Path file = scrape.proc("pressure").resolve(resource.file());
            if (resource.some() == null && Files.notExists(file)) {
                continue;
            }
            add(resource, read(scrape, file), samples);
        }
    }

    private static KernelText read(NodeScrape scrape, Path file) throws IOException {
        try {
            return scrape.optional(file, ABSENT);
        } catch (IOException e) {
            // The file of a kernel that was started with psi=0 is there, and gives no answer.
            if (String.valueOf(e.getMessage()).contains("not supported")) {
                throw new NoDataException(ABSENT);
            }
            throw e;
        }
    }

    private static void add(Resource resource, KernelText text, SampleSet samples)
            throws KernelFormatException {
        while (text.line()) {
            text.field();
            Family family =
                    text.is("some") ? resource.some() : text.is("full") ? resource.full() : null;
            if (family != null) {
                samples.family(family).add(total(text) / MICROSECONDS);
            }
        }
    }

    private static double total(KernelText text) throws KernelFormatException {
        while (text.field()) {
            if (text.startsWith("total=")) {
                text.behind('=');
                return text.unsigned();
            }
        }
        throw new KernelFormatException("a line of /proc/pressure has no total");
    }
}
