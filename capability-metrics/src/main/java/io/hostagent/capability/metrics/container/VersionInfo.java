// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import static io.hostagent.capability.metrics.sample.Family.gauge;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.kernel.KernelFile;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code cadvisor_version_info}: a 1 whose labels say which versions of things there are. */
final class VersionInfo {

    private static final Family FAMILY =
            gauge("cadvisor_version_info", "Versions of kernel, system, engine and agent");

    private static final String NAME = "PRETTY_NAME=";

    private final String kernel;
    private final String system;
    private final String agent;
    private String engine = "";
    private Labels labels = Labels.NONE;

    /**
     * Finds out what does not change while the host runs.
     *
     * @param agent version of this program, which stands where cAdvisor's stood
     */
    VersionInfo(HostFiles files, String agent) {
        kernel =
                Objects.requireNonNullElse(
                        KernelFile.text(files.proc().resolve("sys/kernel/osrelease")), "");
        system = prettyName(files.text("etc/os-release"), files.text("usr/lib/os-release"));
        this.agent = agent;
    }

    private static String prettyName(@Nullable String... files) {
        for (String file : files) {
            if (file == null) {
                continue;
            }
            for (String line : file.lines().toList()) {
                if (line.startsWith(NAME)) {
                    return line.substring(NAME.length()).replaceAll("^[\"']|[\"']$", "");
                }
            }
        }
        return "";
    }

    /**
     * Adds it.
     *
     * @param engineNow version of the engine; empty while it is away, and then the last known one
     */
    void write(String engineNow, SampleSet samples) {
        if (labels.isEmpty() || (!engineNow.isEmpty() && !engineNow.equals(engine))) {
            engine = engineNow.isEmpty() ? engine : engineNow;
            labels =
                    Labels.of(
                            List.of(
                                    new Label("cadvisorVersion", agent),
                                    new Label("dockerVersion", engine),
                                    new Label("kernelVersion", kernel),
                                    new Label("osVersion", system)));
        }
        samples.family(FAMILY).add(labels, 1);
    }
}
