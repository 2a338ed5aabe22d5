// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSystemSpaceTests {

    @TempDir private Path folder = Path.of("");

    @Test
    void isThatOfTheKernel() throws IOException {
        FileSystemSpace space = FileSystemSpace.of(folder.toString());

        assertThat(space.totalBytes()).isEqualTo(Files.getFileStore(folder).getTotalSpace());
        assertThat(space.freeBytes()).isBetween(space.availableBytes(), space.totalBytes());
        assertThat(space.freeFiles()).isBetween(0L, space.files());
    }

    @Test
    void takesAPathInUtf8() throws IOException {
        Path named = Files.createDirectory(folder.resolve("Gerät 1"));

        assertThat(FileSystemSpace.of(named.toString()).totalBytes())
                .isEqualTo(Files.getFileStore(folder).getTotalSpace());
    }

    @Test
    void saysWhyThereIsNone() {
        assertThatThrownBy(() -> FileSystemSpace.of(folder.resolve("nowhere").toString()))
                .isInstanceOf(IOException.class)
                .hasMessage("no such file or directory");
    }
}
