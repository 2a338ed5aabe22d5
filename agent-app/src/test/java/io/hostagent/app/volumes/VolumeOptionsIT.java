// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hostagent.lab.CommandResult;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What can be asked of a volume, and whether it is kept. */
class VolumeOptionsIT extends OnVolumesAgent {

    private static final long MIB = 1 << 20;

    @BeforeAll
    static void start() {
        agent =
                VolumesAgent.start(
                        "26", Map.of("VOLUMES_CLASS_BRONZE", "backend=directory,mode=0750"));
    }

    @AfterAll
    static void end() {
        removeAll();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1073741824", "1g", "1G", "1gb", "1GiB", "1024m", "1048576k", "1073741824b"})
    @DisplayName("C-08: a size is the same however it is written")
    void takesSizesAsPeopleWriteThem(String size) {
        agent.create("c08", "size=" + size);

        assertThat(agent.api().volume("c08").path("size").asLong()).isEqualTo(1 << 30);
        agent.dockerOk("volume", "rm", "c08");
    }

    @ParameterizedTest
    @CsvSource({
        "loop,ext4,No space left on device",
        "btrfs,,Disk quota exceeded",
    })
    @DisplayName("C-08: nobody writes beyond the size, and the volume stays usable")
    void keepsTheSize(String backend, String fs, String error) {
        String name = "c08-" + backend;
        String of = fs == null ? "" : ",\"fs\":\"" + fs + "\"";
        agent.api().create(name, "{\"size\":\"64m\",\"backend\":\"%s\"%s}".formatted(backend, of));

        String output =
                agent.in(
                        name,
                        "echo kept >/d/f; dd if=/dev/zero of=/d/big bs=1M count=100 conv=fsync 2>&1;"
                                + " stat -c %s /d/big; rm /d/big; sync; sleep 1; echo more >>/d/f; cat /d/f");

        assertThat(output).contains(error).endsWith("kept\nmore");
        long size =
                output.lines()
                        .filter(line -> line.matches("\\d+"))
                        .mapToLong(Long::parseLong)
                        .findFirst()
                        .orElseThrow();
        assertThat(size).isBetween(40 * MIB, 64 * MIB);
    }

    @ParameterizedTest
    @CsvSource({
        "size=banana,size=banana",
        "size=-1,size=-1",
        "size=0,size=0",
        "size=,size has no value",
        "colour=blue,There is no option 'colour'",
        "Size=1g,There is no option 'Size'",
        "backend=tape,backend=tape",
        "class=platinum,platinum",
        "backend=shared,shared",
        "mode=999,mode=999",
        "from=nothing,nothing",
        "uid=root,uid=root",
    })
    @DisplayName("C-09: an option that is wrong is an error, and leaves nothing behind")
    void refusesWrongOptions(String option, String reason) {
        Set<String> files = agent.filesBelow(VolumesAgent.HOME);

        CommandResult result =
                agent.docker("volume", "create", "-d", VolumesAgent.DRIVER, "-o", option, "c09");

        assertThat(result.succeeded()).isFalse();
        assertThat(result.err()).contains(reason);
        assertThat(agent.api().names()).doesNotContain("c09");
        assertThat(agent.dockerOk("volume", "ls", "--quiet").lines()).doesNotContain("c09");
        assertThat(agent.filesBelow(VolumesAgent.HOME)).isEqualTo(files);
    }

    @ParameterizedTest
    @CsvSource({"gold,btrfs,,btrfs", "silver,loop,ext4,ext4", "bronze,directory,,ext"})
    @DisplayName("C-10: a class is the backend that it stands for")
    void classesChooseTheBackend(String name, String backend, String fs, String fileSystem) {
        agent.create("c10-" + name, "class=" + name);

        String mounted =
                agent.in(
                        "c10-" + name,
                        "stat -f -c %T /d; stat -c %a /d; grep ' /d ' /proc/self/mountinfo");

        JsonNode status =
                JsonMapper.shared()
                        .readTree(agent.dockerOk("volume", "inspect", "c10-" + name))
                        .path(0)
                        .path("Status");
        assertThat(status.path("class").asString()).isEqualTo(name);
        assertThat(status.path("backend").asString()).isEqualTo(backend);
        if (fs != null) {
            assertThat(status.path("fs").asString()).isEqualTo(fs);
        }
        assertThat(mounted).containsPattern(" - " + fileSystem + "\\d? ");
        assertThat(mounted.lines()).contains(name.equals("bronze") ? "750" : "777");
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "btrfs"})
    @DisplayName("C-77: a volume grows while it is written to, and its usage is what is in it")
    void growsWhileItIsWrittenTo(String backend) {
        String name = "c77-" + backend;
        agent.api().create(name, "{\"size\":\"64m\",\"backend\":\"%s\"}".formatted(backend));
        Writer writer = Writer.start(agent, name, name);
        String grow = "/v2/volumes/" + name + "/resize?wait=60s";
        if (backend.equals("loop") && !mayGrowWhatIsMounted()) {
            assertThat(agent.api().text("POST", grow, "{\"size\":\"160m\"}"))
                    .contains("CAP_SYS_RESOURCE");
            assertThat(agent.api().volume(name).path("size").asLong()).isEqualTo(64 * MIB);
            agent.dockerOk("stop", name);
            Awaitility.await().untilAsserted(() -> assertThat(agent.mounts(name)).isEmpty());
            agent.api().ok("POST", grow, "{\"size\":\"160m\"}");
            agent.dockerOk("start", name);
        } else {
            agent.api().ok("POST", grow, "{\"size\":\"160m\"}");
            assertThat(writer.largestGap()).isLessThan(Duration.ofSeconds(5));
        }

        agent.dockerOk(
                "exec",
                name,
                "dd",
                "if=/dev/urandom",
                "of=/d/big",
                "bs=1M",
                "count=100",
                "conv=fsync");
        // Quotas tell what was true at the last commit.
        agent.on("sync");
        long used = agent.api().used(name);
        assertThat(used).isGreaterThanOrEqualTo(100 * MIB);
        assertThat(used).isCloseTo(usedIn(name), within(used / 100));
        assertThat(agent.api().volume(name).path("size").asLong()).isEqualTo(160 * MIB);
        writer.awaitMore();
        writer.check();
        agent.dockerOk("stop", name);
        assertThat(
                        agent.in(
                                name,
                                "dd if=/dev/zero of=/d/more bs=1M count=100 conv=fsync 2>&1; rm /d/more"))
                .containsAnyOf("No space left", "quota exceeded");
    }

    /** Whether this machine lets anybody make an ext4 larger that is mounted: CAP_SYS_RESOURCE. */
    private static boolean mayGrowWhatIsMounted() {
        String line = agent.on("grep", "CapBnd", "/proc/self/status");
        return (Long.parseUnsignedLong(line.substring(line.length() - 16), 16) >> 24 & 1) == 1;
    }

    /**
     * What it cannot write any more, as the container sees it; with quotas, what its files take.
     */
    private static long usedIn(String volume) {
        if (volume.endsWith("loop")) {
            String[] df = agent.dockerOk("exec", volume, "df", "-k", "/d").split("\\s+", -1);
            return 160 * MIB - Long.parseLong(df[df.length - 3]) * 1024;
        }
        String[] du = agent.dockerOk("exec", volume, "du", "-sk", "/d").split("\\s+", -1);
        return Long.parseLong(du[0]) * 1024;
    }

    @Test
    @DisplayName("C-77: an image does not become smaller than what is in it, and xfs not at all")
    void refusesToShrinkWhereThatIsImpossible() {
        agent.api().create("c77-full", "{\"size\":\"128m\",\"backend\":\"loop\"}");
        agent.in(
                "c77-full",
                "dd if=/dev/urandom of=/d/big bs=1M count=90 2>/dev/null; sha256sum /d/big >/d/sum");

        String answer =
                agent.api()
                        .text("POST", "/v2/volumes/c77-full/resize?wait=60s", "{\"size\":\"64m\"}");

        assertThat(answer).doesNotStartWith("2").contains("cannot become smaller");
        assertThat(agent.api().volume("c77-full").path("size").asLong()).isEqualTo(128 * MIB);
        assertThat(agent.in("c77-full", "sha256sum -c /d/sum")).contains("OK");
    }
}
