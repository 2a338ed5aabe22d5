// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: scripts that stand for the programs. */
@Timeout(30)
class ToolsTests {

    @TempDir private Path folder = Path.of("");

    private Tools tools = new Tools();

    @BeforeEach
    void lookHereAlone() {
        tools = new Tools(List.of(folder));
    }

    private void program(Tool tool, String script) throws IOException {
        Path file = folder.resolve(tool.program());
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void givesWhatAProgramWrites() throws IOException {
        program(Tool.DU, "echo one; echo complaint >&2; echo two");

        assertThat(tools.run(Tool.DU)).isEqualTo("one\ntwo\n");
    }

    @Test
    void passesArgumentsAsTheyAre() throws IOException {
        program(Tool.CP, "for each; do echo \"<$each>\"; done");

        assertThat(tools.run(Tool.CP, "$(id)", "a b", "*", "; rm -rf /", "", "Gerät"))
                .isEqualTo("<$(id)>\n<a b>\n<*>\n<; rm -rf />\n<>\n<Gerät>\n");
    }

    @Test
    void handsDownNothingButAPathAndTheLocale() throws IOException {
        program(Tool.DU, "/usr/bin/env -u PWD | /usr/bin/sort; pwd; /usr/bin/wc -c");

        assertThat(tools.run(Tool.DU).lines().filter(line -> !line.matches("(_|OLDPWD|SHLVL)=.*")))
                .containsExactly("LC_ALL=C", "PATH=" + folder, "/", "0");
    }

    @Test
    void saysHowAProgramFailed() throws IOException {
        program(Tool.MKFS_EXT4, "echo 'the device is apparently in use' >&2; exit 3");

        assertThatThrownBy(() -> tools.run(Tool.MKFS_EXT4))
                .hasMessage("mkfs.ext4 failed (exit 3): the device is apparently in use")
                .asInstanceOf(InstanceOfAssertFactories.type(ToolException.class))
                .satisfies(failure -> assertThat(failure.exit()).isEqualTo(3))
                .satisfies(failure -> assertThat(failure.isNoSpace()).isFalse());
    }

    @Test
    void knowsAFullDisk() throws IOException {
        program(Tool.CP, "echo \"cp: error writing 'x': No space left on device\" >&2; exit 1");

        assertThatThrownBy(() -> tools.run(Tool.CP))
                .asInstanceOf(InstanceOfAssertFactories.type(ToolException.class))
                .satisfies(failure -> assertThat(failure.isNoSpace()).isTrue());
    }

    @Test
    void saysWhichPackageHasAProgramThatIsMissing() {
        assertThatThrownBy(() -> tools.run(Tool.BTRFS))
                .hasMessage("btrfs is not there: install the Debian package btrfs-progs");
        assertThat(tools.missing(Tool.XFS_ADMIN))
                .hasValueSatisfying(text -> assertThat(text).contains("xfsprogs"));
    }

    @Test
    void killsAProgramThatTakesTooLongWithWhatItStarted() throws IOException {
        Path pid = folder.resolve("pid");
        program(Tool.CP, "/bin/sleep 600 & echo $! >" + pid + "; wait");

        assertThatThrownBy(() -> tools.run(Duration.ofMillis(500), Tool.CP))
                .hasMessage("cp did not end within 0 s and was killed");
        long child = Long.parseLong(Files.readString(pid).strip());
        assertThat(ProcessHandle.of(child))
                .satisfiesAnyOf(
                        none -> assertThat(none).isEmpty(),
                        one -> one.orElseThrow().onExit().join());
    }

    @Test
    void keepsTheBeginningOfWhatIsTooLongAndLetsTheProgramEnd() throws IOException {
        program(Tool.DU, "/usr/bin/yes 0123456 | /usr/bin/head -c 3000000; echo end >" + mark());

        assertThat(tools.run(Tool.DU)).startsWith("0123456\n").hasSize(CappedText.LIMIT);
        assertThat(mark()).exists();
    }

    @Test
    void forgivesAsManyComplaintsAsThereAre() throws IOException {
        program(Tool.CP, "/usr/bin/yes 'x: gone' | /usr/bin/head -c 300000 >&2; exit 1");

        tools.copyForgiving(Tools.QUICK, ": gone");

        assertThatThrownBy(() -> tools.copyForgiving(Tools.QUICK, ": other"))
                .isInstanceOf(ToolException.class);
    }

    @Test
    void forgivesNothingWhenThereIsOneOtherComplaint() throws IOException {
        program(
                Tool.CP,
                "/usr/bin/yes 'x: gone' | /usr/bin/head -c 304000 >&2; echo full >&2; exit 1");

        assertThatThrownBy(() -> tools.copyForgiving(Tools.QUICK, ": gone"))
                .hasMessage("cp failed (exit 1): full");
    }

    @Test
    void doesNotForgiveAFailureWithoutAWord() throws IOException {
        program(Tool.CP, "exit 1");

        assertThatThrownBy(() -> tools.copyForgiving(Tools.QUICK, ": gone"))
                .hasMessage("cp failed (exit 1): it does not say why");
    }

    @Test
    void streamsWithoutALimit() throws IOException {
        program(Tool.TAR, "/usr/bin/yes 0123456 | /usr/bin/head -c 3000000");

        try (InputStream stream = tools.start(Tool.TAR, List.of())) {
            assertThat(stream.readAllBytes()).hasSize(3_000_000);
        }
    }

    @Test
    void doesNotTakeACutStreamForAWholeOne() throws IOException {
        program(Tool.TAR, "echo some; echo 'tar: broken' >&2; exit 2");

        try (InputStream stream = tools.start(Tool.TAR, List.of())) {
            assertThatThrownBy(stream::readAllBytes).hasMessage("tar failed (exit 2): tar: broken");
        }
    }

    @Test
    void endsAProgramWhoseStreamIsClosed() throws IOException {
        program(Tool.TAR, "echo $$; exec /usr/bin/yes");

        ProcessHandle running;
        try (InputStream stream = tools.start(Tool.TAR, List.of())) {
            byte[] line = new byte[16];
            int length = stream.read(line);
            String pid = new String(line, 0, length, UTF_8).lines().findFirst().orElseThrow();
            running = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        }
        running.onExit().join();
        assertThat(running.isAlive()).isFalse();
    }

    private Path mark() {
        return folder.resolve("mark");
    }
}
