// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * A container that appends lines to a file of a volume, each with a hash of itself and the line
 * before, and says that it did when a line is on the disk. The file then shows whether a line that
 * was acknowledged is lost, was changed, or came twice.
 *
 * @param agent on whose host it runs
 * @param name of the container
 * @param volume that it writes to
 */
record Writer(VolumesAgent agent, String name, String volume) {

    private static final String FILE = "chain";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** It goes on where the file ends. */
    private static final String SCRIPT =
            """
            trap 'exit 0' TERM
            f=/d/chain n=0 h=0
            if [ -s $f ]; then set -- $(tail -n 1 $f); n=$1 h=$2; fi
            while :; do
              n=$((n + 1))
              h=$(echo "$h $n" | sha256sum | cut -c 1-64)
              echo "$n $h" | dd of=$f oflag=append conv=notrunc,fsync 2>/dev/null || exit 1
              echo $n
              usleep 20000
            done""";

    /** A line that the writer was told is on the disk. */
    private record Acknowledged(Instant at, long number) {}

    /** Starts one, with further options of {@code docker run}, and waits for its first line. */
    static Writer start(VolumesAgent agent, String name, String volume, String... options) {
        List<String> arguments = new ArrayList<>(List.of("run", "--detach", "--network=none"));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("--name", name, "--volume-driver=" + agent.driver()));
        arguments.addAll(List.of("--volume=" + volume + ":/d", VolumesAgent.IMAGE));
        arguments.addAll(List.of("sh", "-c", SCRIPT));
        agent.dockerOk(arguments.toArray(String[]::new));
        Writer writer = new Writer(agent, name, volume);
        writer.awaitMore();
        return writer;
    }

    /** Waits until it has written another line. */
    void awaitMore() {
        int before = acknowledged().size();
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> acknowledged().size() > before);
    }

    /** How many lines it was told are on the disk. */
    int count() {
        return acknowledged().size();
    }

    /** How many whole lines a copy of a writer's volume has, which have to be a chain. */
    static int linesIn(Path data) {
        List<String> lines = lines(data);
        assertChain(lines);
        return lines.size();
    }

    private static void assertChain(List<String> lines) {
        String hash = "0";
        for (int i = 0; i < lines.size(); i++) {
            hash = hash(hash + " " + (i + 1) + "\n");
            assertThat(lines.get(i)).as("line %d", i + 1).isEqualTo(i + 1 + " " + hash);
        }
    }

    private List<Acknowledged> acknowledged() {
        return agent.dockerOk("logs", "--timestamps", name)
                .lines()
                .map(line -> line.split(" ", 2))
                .map(words -> new Acknowledged(Instant.parse(words[0]), Long.parseLong(words[1])))
                .toList();
    }

    /** The longest time between two lines. */
    Duration largestGap() {
        List<Acknowledged> all = acknowledged();
        Duration largest = Duration.ZERO;
        for (int i = 1; i < all.size(); i++) {
            Duration gap = Duration.between(all.get(i - 1).at(), all.get(i).at());
            largest = gap.compareTo(largest) > 0 ? gap : largest;
        }
        return largest;
    }

    /** The file of a volume that is mounted is what the writer was told. */
    void check() {
        check(agent.data(volume));
    }

    /** A copy of the volume is what the writer was told. */
    void check(Path data) {
        // Those first: what is acknowledged later may not be in the lines that are read now.
        List<Acknowledged> told = acknowledged();
        List<String> lines = lines(data);
        assertChain(lines);
        assertThat(told).as("lines of " + name).isNotEmpty();
        assertThat(told).extracting(Acknowledged::number).isSorted().doesNotHaveDuplicates();
        assertThat(told.getLast().number()).isLessThanOrEqualTo(lines.size());
    }

    private static List<String> lines(Path data) {
        try {
            String content = Files.readString(data.resolve(FILE), UTF_8);
            // A line without its end is being written.
            return content.substring(0, content.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends it. */
    void stop() {
        agent.dockerOk("rm", "--force", name);
    }
}
