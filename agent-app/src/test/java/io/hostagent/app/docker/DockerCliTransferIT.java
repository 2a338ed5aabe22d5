// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.lab.CommandResult;
import io.hostagent.lab.RunningCommand;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files and images go in and out the same both ways, of any size and in little memory. */
class DockerCliTransferIT extends OnBothEngines {

    private static final int MEGABYTE = 1_000_000;
    private static final Duration LIMIT = Duration.ofSeconds(100);
    private static final String BIG = "parity/big:1";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"20", "26", "28"})
    void filesAndFoldersAreCopiedBothWays(String client) throws Exception {
        Path tree = Files.createDirectories(folder.resolve("tree/deep"));
        Files.writeString(tree.resolve("file"), "content");
        Files.writeString(folder.resolve("one"), "one file");
        ways().play(
                        client,
                        docker -> {
                            Path out = Files.createTempDirectory(folder, "out");
                            Session inFolder = new Session(docker.cli().in(folder));
                            docker.run("create", "--name", "cp", WORKLOAD, "sleep", "600");
                            inFolder.run("cp", "one", "cp:/one");
                            inFolder.run("cp", "tree", "cp:/");
                            docker.run("cp", "cp:/one", out.resolve("one").toString());
                            docker.run("cp", "cp:/tree", out.toString());
                            docker.note(Files.readString(out.resolve("one")));
                            docker.note(Files.readString(out.resolve("tree/deep/file")));
                            byte[] tar = docker.cli().run("cp", "cp:/tree", "-").stdout();
                            docker.note(HexFormat.of().formatHex(sha256(tar)));
                            docker.run(tar, "cp", "-", "cp:/etc");
                            docker.run(
                                    "cp", "cp:/etc/tree/deep/file", out.resolve("two").toString());
                            docker.note(Files.readString(out.resolve("two")));
                            docker.attempt("cp", "cp:/none", out.toString());
                            docker.run("rm", "cp");
                            assertThat(inFolder.transcript()).contains("exit status 0");
                        });
    }

    @Test
    void twoHundredMegabytesAreCopiedBothWays() throws Exception {
        byte[] content = new byte[200 * MEGABYTE];
        new Random(2).nextBytes(content);
        Path file = Files.write(folder.resolve("big"), content);
        Session docker = new Session(ways().relayed(engine()));
        docker.run("run", "-d", "--name", "cpb", WORKLOAD, "sleep", "600").orThrow();
        docker.run("cp", file.toString(), "cpb:/big").orThrow();
        assertThat(docker.run("exec", "cpb", "sha256sum", "/big").out())
                .startsWith(HexFormat.of().formatHex(sha256(content)));
        docker.run("cp", "cpb:/big", folder.resolve("back").toString()).orThrow();
        assertThat(Files.mismatch(file, folder.resolve("back"))).isEqualTo(-1);
        docker.run("rm", "-f", "cpb").orThrow();
    }

    @Test
    void aContainerIsExportedAndImported() throws Exception {
        ways().play(
                        engine(),
                        docker -> {
                            docker.run(
                                    "run", "--name", "xp", WORKLOAD, "sh", "-c", "echo 5 > /five");
                            byte[] tar = docker.cli().run("export", "xp").orThrow().stdout();
                            docker.run(tar, "import", "-c", "ENV B=c", "-", "parity/flat:1");
                            docker.run(
                                    "run",
                                    "--rm",
                                    "parity/flat:1",
                                    "sh",
                                    "-c",
                                    "cat /five; echo $B");
                            docker.run("rmi", "parity/flat:1");
                            docker.run("rm", "xp");
                        });
    }

    @Test
    void halfAGigabyteIsSavedAndLoadedInLittleMemory() throws Exception {
        Session direct = new Session(ways().direct(engine()));
        Session relayed = new Session(ways().relayed(engine()));
        importBig(relayed);
        try {
            String image = direct.run("inspect", "-f", "{{.Id}}", BIG).out();
            Path there = folder.resolve("relayed.tar");
            long before = ways().agent().residentBytes();
            save(relayed, there);
            long afterFirst = ways().agent().residentBytes();
            save(relayed, there);
            long afterSecond = ways().agent().residentBytes();
            // The ID is a checksum over all of the content, so the same ID is the same bytes.
            direct.run("rmi", BIG).orThrow();
            relayed.run("load", "-i", there.toString()).orThrow();
            assertThat(direct.run("inspect", "-f", "{{.Id}}", BIG).out()).isEqualTo(image);
            // The first is what the agent's code is compiled for, in memory of its own.
            assertThat(afterFirst - before).as("growth by the first save").isLessThan(64L << 20);
            assertThat(afterSecond - afterFirst).as("growth by a save").isLessThan(16L << 20);
        } finally {
            direct.run("rmi", BIG);
        }
    }

    private static void save(Session docker, Path file) {
        docker.cli().withTimeout(LIMIT).run("save", "-o", file.toString(), BIG).orThrow();
    }

    /**
     * An image of one file with half a gigabyte of noise, sent as the tar that {@code import}
     * reads.
     */
    private static void importBig(Session docker) throws IOException {
        byte[] noise = new byte[MEGABYTE];
        Random random = new Random(3);
        try (RunningCommand load = docker.start("import", "-", BIG)) {
            OutputStream tar = load.stdin();
            tar.write(header("noise", 500L * MEGABYTE));
            for (int i = 0; i < 500; i++) {
                random.nextBytes(noise);
                tar.write(noise);
            }
            tar.write(new byte[512 + 1024]);
            load.closeStdin();
            CommandResult result = load.await(LIMIT);
            assertThat(result.exitCode()).as(result.err()).isZero();
        }
    }

    /** A tar header of one plain file; its size here is a multiple of the block of 512 bytes. */
    private static byte[] header(String name, long size) {
        byte[] block = new byte[512];
        put(block, 0, name);
        put(block, 100, "0000644\0");
        put(block, 108, "0000000\0" + "0000000\0");
        put(block, 124, "%011o\0".formatted(size));
        put(block, 136, "00000000000\0");
        put(block, 148, "        0"); // no sum yet, and the type: a file
        put(block, 257, "ustar\00000");
        int sum = 0;
        for (byte value : block) {
            sum += value & 0xff;
        }
        put(block, 148, "%06o\0 ".formatted(sum));
        return block;
    }

    private static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }
}
