// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel's file of the container says {@code inner} in all of these. */
class HostNameTests {

    @TempDir private Path folder = Path.of("");

    @Test
    void isTheEnginesFirst() throws Exception {
        assertThat(HostName.find(inContainer("outer\n"), Optional.of("node7")))
                .contains(new HostName("node7", "engine"));
    }

    @Test
    void isTheConfiguredOneWhenTheEngineSaysNothing() throws Exception {
        assertThat(HostName.find(inContainer("outer\n"), Optional.of("")))
                .contains(new HostName("outer", "/etc/hostname"));
    }

    @Test
    void isUnknownWhenNobodySays() throws Exception {
        assertThat(HostName.find(inContainer(""), Optional.empty())).isEmpty();
    }

    @Test
    void isTheKernelsOnTheHostItself() throws Exception {
        Path proc = folder.resolve("proc");
        Files.createDirectories(proc.resolve("sys/kernel"));
        Files.writeString(proc.resolve("sys/kernel/hostname"), "inner\n");
        HostFiles files =
                new HostFiles(
                        proc,
                        folder,
                        Optional.of(Path.of("/")),
                        Optional.empty(),
                        Optional.empty());

        assertThat(HostName.find(files, Optional.of("node7")))
                .contains(new HostName("inner", "kernel"));
    }

    private HostFiles inContainer(String configured) throws Exception {
        Path host = folder.resolve("host");
        Files.createDirectories(host.resolve("etc"));
        Files.writeString(host.resolve("etc/hostname"), configured);
        Path proc = host.resolve("proc");
        Files.createDirectories(proc.resolve("sys/kernel"));
        Files.writeString(proc.resolve("sys/kernel/hostname"), "inner\n");
        return new HostFiles(proc, folder, Optional.of(host), Optional.empty(), Optional.empty());
    }
}
