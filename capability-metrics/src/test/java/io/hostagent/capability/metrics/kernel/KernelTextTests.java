// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of this machine's kernel that do not change from one read to the next. */
class KernelTextTests {

    private final KernelText text = new KernelText();

    /** The first has thousands of pages, the second one. */
    @ParameterizedTest
    @ValueSource(strings = {"/proc/kallsyms", "/proc/filesystems"})
    void readsFilesThatAreMadeLineByLine(String name) throws IOException {
        Path path = Path.of(name);
        String before = Files.readString(path);
        try (KeptFile file = new KeptFile(path)) {
            text.readLines(file);
        }

        assertThat(text.all()).isIn(before, Files.readString(path));
    }

    @Test
    void failsWhereThereIsNone() throws IOException {
        try (KeptFile file = new KeptFile(Path.of("/proc/no-such-file"))) {
            assertThatThrownBy(() -> text.readLines(file)).isInstanceOf(NoSuchFileException.class);
        }
    }
}
