// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.volumes.tool.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SafeCopyTests {

    private RealFiles files;
    private Path from;
    private Path to;

    @BeforeEach
    void prepare() throws IOException {
        files = RealFiles.make();
        from = files.folder("from");
        to = files.folder("to");
    }

    @AfterEach
    void clean() throws IOException {
        if (files != null) {
            files.close();
        }
    }

    private SafeCopy copy() {
        return new SafeCopy(new Tools(), files.path("place"));
    }

    @Test
    void copiesFilesAndKeepsLinksAsLinks() throws IOException {
        Files.writeString(Files.createDirectory(from.resolve("folder")).resolve("file"), "here");
        Files.createSymbolicLink(from.resolve("link"), Path.of("/etc"));

        copy().copy(from, to);

        assertThat(to.resolve("folder/file")).hasContent("here");
        assertThat(Files.readSymbolicLink(to.resolve("link"))).isEqualTo(Path.of("/etc"));
        assertThat(files.mounts()).isEmpty();
        assertThat(files.path("place")).isEmptyDirectory();
    }

    @Test
    void copiesNothingWhereLinksWouldBeFollowed() throws IOException {
        Path programs = files.folder("programs");
        for (String name : List.of("cp", "sync", "umount")) {
            Files.createSymbolicLink(programs.resolve(name), Path.of("/usr/bin", name));
        }
        // As mount does on a kernel that does not know the option.
        Path mount = programs.resolve("mount");
        Files.writeString(mount, "#!/bin/sh\nexec /usr/bin/mount -o bind,ro \"$4\" \"$5\"\n");
        RealFiles.run("chmod", "+x", mount.toString());
        Files.writeString(from.resolve("file"), "here");
        SafeCopy old = new SafeCopy(new Tools(List.of(programs)), files.path("place"));

        assertThatThrownBy(() -> old.copy(from, to)).hasMessageContaining("needs Linux 5.10");
        assertThat(to).isEmptyDirectory();
        assertThat(files.mounts()).isEmpty();
    }

    @Test
    void takesAwayWhatACrashLeft() throws IOException {
        Files.writeString(from.resolve("file"), "here");
        Path left = files.folder("place/copy-1");
        RealFiles.run("mount", "--bind", from.toString(), left.toString());
        Path empty = files.folder("place/copy-2");

        copy().recover();

        assertThat(files.mounts()).isEmpty();
        assertThat(left).doesNotExist();
        assertThat(empty).doesNotExist();
        assertThat(from.resolve("file")).hasContent("here");
    }
}
