// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is held is a matter of real mounts, see the tests of the volumes. */
class BlockDeviceTests {

    @TempDir private Path folder = Path.of("");

    @Test
    void isHeldByNobodyWhenItCanBeOpenedOrIsNotThere() throws IOException {
        Path file = Files.createFile(folder.resolve("device"));

        assertThat(BlockDevice.isHeld(file.toString())).isFalse();
        assertThat(BlockDevice.isHeld(folder.resolve("nowhere").toString())).isFalse();
    }

    @Test
    void saysWhyItCannotTell() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> BlockDevice.isHeld(file + "/below"))
                .isInstanceOf(IOException.class)
                .hasMessage(file + "/below: not a directory");
    }
}
