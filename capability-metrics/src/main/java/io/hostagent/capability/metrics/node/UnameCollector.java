// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.kernel.HostName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The kernel and the host's name, in the words of uname(2). The call itself would tell the name of
 * the agent's container; dashboards choose a host by this label.
 */
final class UnameCollector implements NodeCollector {

    private static final Family INFO =
            Family.gauge("node_uname_info", "1, labelled with the host's name and its kernel.");

    private final EngineName engine;

    UnameCollector(EngineName engine) {
        this.engine = engine;
    }

    @Override
    public String name() {
        return "uname";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        Path kernel = scrape.proc("sys/kernel");
        samples.family(INFO)
                .add(
                        Labels.of(
                                List.of(
                                        label("domainname", scrape, kernel.resolve("domainname")),
                                        new Label("machine", machine(scrape, kernel)),
                                        new Label("nodename", nodename(scrape.files())),
                                        label("release", scrape, kernel.resolve("osrelease")),
                                        label("sysname", scrape, kernel.resolve("ostype")),
                                        label("version", scrape, kernel.resolve("version")))),
                        1);
    }

    private static Label label(String name, NodeScrape scrape, Path file) {
        @Nullable String value = scrape.value(file);
        return new Label(name, value == null ? "" : value);
    }

    private static String machine(NodeScrape scrape, Path kernel) {
        @Nullable String arch = scrape.value(kernel.resolve("arch"));
        if (arch != null) {
            return arch;
        }
        // A kernel before 6.1 has no such file, and Java another word for one of them.
        String ofJava = System.getProperty("os.arch", "");
        return ofJava.equals("amd64") ? "x86_64" : ofJava;
    }

    /** On the host itself nobody has to be asked. */
    private String nodename(HostFiles files) throws IOException {
        Optional<String> told = HostName.isKernels(files) ? Optional.empty() : engine.ask();
        return HostName.find(files, told)
                .map(HostName::name)
                .orElseThrow(
                        () ->
                                new NoDataException(
                                        "neither the engine nor the host's /"
                                                + HostName.CONFIGURED
                                                + " tells the host's name: mount the engine's"
                                                + " socket, or / at /host"));
    }
}
