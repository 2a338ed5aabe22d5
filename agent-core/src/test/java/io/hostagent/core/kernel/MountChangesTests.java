// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountChangesTests {

    private static final Path OWN = Path.of("/proc/self/mountinfo");

    @Test
    void asksForTheMountsOfThisProcess() throws IOException {
        try (MountChanges changes = new MountChanges(OWN)) {
            assertThat(changes.any()).isTrue();
            // Others on this machine may mount something, though not all the time.
            assertThat(Stream.generate(() -> ask(changes)).limit(100)).contains(false);
        }
    }

    private static boolean ask(MountChanges changes) {
        try {
            return changes.any();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void takesAFileThatIsNotTheKernelsForOneThatChanges(@TempDir Path folder) throws IOException {
        Path recorded = Files.writeString(folder.resolve("mountinfo"), "1 0 0:1 / / rw - a b rw\n");
        try (MountChanges changes = new MountChanges(recorded)) {
            assertThat(changes.any()).isTrue();
            assertThat(changes.any()).isTrue();
        }
    }

    @Test
    void namesAFileThatIsNotThere(@TempDir Path folder) {
        try (MountChanges changes = new MountChanges(folder.resolve("mountinfo"))) {
            assertThatThrownBy(changes::any).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void leavesNoFileOpen() throws IOException {
        MountChanges changes = new MountChanges(OWN);
        changes.any();
        assertThat(open()).isEqualTo(1);

        changes.close();
        changes.close();

        assertThat(open()).isZero();
    }

    private static long open() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.filter(MountChangesTests::isMountinfo).count();
        }
    }

    private static boolean isMountinfo(Path file) {
        try {
            return Files.readSymbolicLink(file).endsWith("mountinfo");
        } catch (IOException e) {
            return false; // It has been closed since the folder was listed.
        }
    }
}
