// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.jail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.core.error.CallerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a path is made of, it leads to what is in the folder or nowhere. */
@ParameterizedClass
@EnumSource(Jail.Way.class)
class JailTests {

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path outside;

    @Parameter
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Jail.Way way;

    private Path root = Path.of("");

    @BeforeEach
    void makeFiles() throws IOException {
        root = Files.createDirectories(outside.resolve("root"));
        Files.writeString(outside.resolve("secret"), "secret");
        Files.createDirectories(root.resolve("a/b"));
        Files.writeString(root.resolve("a/b/file"), "inside");
    }

    private String read(Bounds bounds, String path) throws IOException {
        try (Jail jail = Jail.open(root, bounds, way);
                Handle file = jail.find(JailPath.parse(path));
                FileChannel content = file.read()) {
            ByteBuffer buffer = ByteBuffer.allocate(100);
            content.read(buffer);
            return new String(buffer.array(), 0, buffer.position(), UTF_8);
        }
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(root.resolve(name), Path.of(target));
    }

    @Test
    void whatIsInsideIsFound() throws IOException {
        link("short", "a/b");
        link("a/up", "../a/b/file");
        for (Bounds bounds : Bounds.values()) {
            assertThat(read(bounds, "a/b/file")).isEqualTo("inside");
            assertThat(read(bounds, "/a//./b/file")).isEqualTo("inside");
            assertThat(read(bounds, "short/file")).isEqualTo("inside");
            assertThat(read(bounds, "a/up")).isEqualTo("inside");
        }
    }

    @Test
    void upwardsIsNoWay() {
        for (String path : List.of("..", "../secret", "a/../../secret", "/..", "a/..")) {
            assertThatThrownBy(() -> read(Bounds.SYSTEM, path)).isInstanceOf(CallerException.class);
        }
    }

    @Test
    void aLinkOutOfAVolumeIsRefused() throws IOException {
        link("absolute", outside.resolve("secret").toString());
        link("relative", "../secret");
        link("a/folder", "../../");
        link("first", "second");
        link("second", "/");
        for (String path :
                List.of("absolute", "relative", "a/folder/secret", "first/etc/hostname")) {
            assertThatThrownBy(() -> read(Bounds.VOLUME, path))
                    .as(path)
                    .isInstanceOf(OutsideException.class);
        }
    }

    @Test
    void aLinkOfASystemMeansWhatItMeansThere() throws IOException {
        link("absolute", "/a/b/file");
        link("above", "../../../../a/b/file");
        link("missing", outside.resolve("secret").toString());
        assertThat(read(Bounds.SYSTEM, "absolute")).isEqualTo("inside");
        assertThat(read(Bounds.SYSTEM, "above")).isEqualTo("inside");
        assertThatThrownBy(() -> read(Bounds.SYSTEM, "missing"))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.NOENT));
    }

    @Test
    void aCircleOfLinksEnds() throws IOException {
        link("one", "two");
        link("two", "one");
        for (Bounds bounds : Bounds.values()) {
            assertThatThrownBy(() -> read(bounds, "one")).isInstanceOf(OutsideException.class);
        }
    }

    @Test
    void theLinksOfProcLeadNowhere() throws IOException {
        try (Jail jail = Jail.open(Path.of("/proc"), Bounds.SYSTEM, way)) {
            for (String path : List.of("self/root/etc", "self/cwd/pom.xml", "self/fd/0/x")) {
                assertThatThrownBy(() -> jail.find(JailPath.parse(path)).close())
                        .as(path)
                        .isInstanceOf(IOException.class);
            }
            try (Handle status = jail.find(JailPath.parse("self/status"))) {
                assertThat(status.status().type()).isEqualTo(FileStatus.Type.FILE);
            }
        }
    }

    @Test
    void aMountInAVolumeIsNotPartOfIt() throws IOException {
        try (Jail jail = Jail.open(Path.of("/"), Bounds.VOLUME, way)) {
            assertThatThrownBy(() -> jail.find(JailPath.parse("proc/version")).close())
                    .isInstanceOf(OutsideException.class);
        }
        try (Jail jail = Jail.open(Path.of("/"), Bounds.SYSTEM, way);
                Handle version = jail.find(JailPath.parse("proc/version"))) {
            assertThat(version.status().type()).isEqualTo(FileStatus.Type.FILE);
        }
    }

    @Test
    void whatIsNeitherFileNorFolderIsSpecial() throws IOException {
        try (Jail jail = Jail.open(Path.of("/dev"), Bounds.SYSTEM, way);
                Handle device = jail.find(JailPath.parse("null"))) {
            assertThat(device.status().type()).isEqualTo(FileStatus.Type.SPECIAL);
        }
    }

    @Test
    void namesAreNames() throws IOException {
        try (Jail jail = Jail.open(root, Bounds.VOLUME, way);
                Handle folder = jail.folder(JailPath.parse("a"))) {
            for (String name : List.of("", ".", "..", "../secret", "b/file", "/etc")) {
                assertThatThrownBy(() -> folder.child(name).close())
                        .as(name)
                        .isInstanceOf(KernelException.class);
                assertThatThrownBy(() -> folder.makeFolder(name))
                        .as(name)
                        .isInstanceOf(KernelException.class);
            }
        }
    }

    @Test
    void foldersAreMadeInsideOnly() throws IOException {
        link("out", "..");
        try (Jail jail = Jail.open(root, Bounds.VOLUME, way)) {
            jail.makeFolders(JailPath.parse("x/y/z")).close();
            assertThat(root.resolve("x/y/z")).isDirectory();
            assertThatThrownBy(() -> jail.makeFolders(JailPath.parse("out/new")).close())
                    .isInstanceOf(OutsideException.class);
            assertThat(outside.resolve("new")).doesNotExist();
        }
    }

    @Test
    void theNamesInAFolderAreReadInPieces() throws IOException {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            String name = "name-" + "x".repeat(i % 100) + i;
            Files.createFile(root.resolve("a/b").resolve(name));
            expected.add(name);
        }
        expected.add("file");
        List<String> found = new ArrayList<>();
        try (Jail jail = Jail.open(root, Bounds.VOLUME, way);
                Handle folder = jail.folder(JailPath.parse("a/b"));
                FolderNames names = folder.names()) {
            for (byte[] name = names.next(); name != null; name = names.next()) {
                found.add(new String(name, UTF_8));
            }
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    }

    /**
     * A container that swaps folders and links while they are asked for sees nothing come of it.
     */
    @Test
    void swappedLinksAreNoWayOut() throws Exception {
        Path inside = Files.createDirectories(root.resolve("turn/deep"));
        Files.writeString(inside.resolve("secret"), "inside");
        Files.createDirectories(outside.resolve("elsewhere/deep"));
        Files.writeString(outside.resolve("elsewhere/deep/secret"), "secret");
        AtomicBoolean over = new AtomicBoolean();
        Thread swapper = Thread.ofPlatform().start(() -> swap(over));
        int found = 0;
        int refused = 0;
        try {
            for (int i = 0; i < 10_000; i++) {
                try {
                    assertThat(read(Bounds.VOLUME, "turn/deep/secret")).isEqualTo("inside");
                    found++;
                } catch (IOException e) {
                    refused++;
                }
            }
        } finally {
            over.set(true);
            swapper.join();
        }
        assertThat(found).as("reads that met the folder").isPositive();
        assertThat(refused).as("reads that met a link, or nothing").isPositive();
    }

    private void swap(AtomicBoolean over) {
        Path turn = root.resolve("turn");
        Path aside = root.resolve("aside");
        Path out = root.resolve("out");
        try {
            Files.createSymbolicLink(out, Path.of("../elsewhere"));
            while (!over.get()) {
                Files.move(turn, aside);
                Files.move(out, turn);
                Files.move(turn, out);
                Files.move(aside, turn);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
