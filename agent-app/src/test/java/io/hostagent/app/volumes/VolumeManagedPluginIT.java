// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.AgentImage;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.LabEngine;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The agent as a managed plugin of its engine. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VolumeManagedPluginIT {

    private static final Duration MOMENT = Duration.ofSeconds(30);

    @LabEngine(baseImages = true)
    @SuppressWarnings("NullAway.Init") // set by the lab
    private static DockerHost host;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static ManagedPlugin plugin;

    @BeforeAll
    static void install() {
        AgentImage.buildOn(host);
        plugin = new ManagedPlugin(host);
        plugin.create();
        say("the plugin was enabled", plugin.enable());
    }

    @AfterAll
    static void clean() {
        plugin.clean();
    }

    private static void say(String what, Duration time) {
        System.out.printf("Managed plugin: %s after %d ms%n", what, time.toMillis());
    }

    @Test
    @Order(1)
    @DisplayName("a volume of the managed plugin is mounted where the engine looks for it")
    void givesVolumesToContainers() {
        plugin.in("one", "echo first >/d/f");

        assertThat(plugin.in("one", "cat /d/f")).isEqualTo("first");
        assertThat(plugin.on("cat", plugin.tree("one") + "/f")).isEqualTo("first");
        assertThat(plugin.ok("volume", "inspect", "--format={{.Driver}}", "one"))
                .isEqualTo(ManagedPlugin.NAME + ":latest");
        assertThat(plugin.api().text("GET", "/v2/capabilities", ""))
                .doesNotContain("propagatedMount");
        assertThat(
                        plugin.ok(
                                "run",
                                "--rm",
                                "--volume=" + ManagedPlugin.HOME + ":/var/lib/host-agent",
                                AgentImage.NAME,
                                "volumes",
                                "ls"))
                .contains("one");
    }

    @Test
    @Order(2)
    @DisplayName(
            "the mount of the managed plugin is there while a container uses it, and no longer")
    void unmountsAVolumeThatNobodyUses() {
        plugin.startWriter("managed-one", "one");

        assertThat(plugin.places("one"))
                .singleElement()
                .asString()
                .matches("/var/lib/docker/plugins/[0-9a-f]{64}/propagated-mount/[0-9a-f-]{36}");
        assertThat(plugin.api().users("one")).contains("container managed-one");
        plugin.ok("rm", "--force", "managed-one");
        Awaitility.await()
                .atMost(MOMENT)
                .untilAsserted(() -> assertThat(plugin.places("one")).isEmpty());
    }

    @Test
    @Order(2)
    @DisplayName("the managed plugin keeps sizes, snapshots and images over being disabled")
    void keepsImages() {
        plugin.ok(
                "volume",
                "create",
                "--driver=" + ManagedPlugin.NAME,
                "--opt=backend=loop",
                "--opt=size=16m",
                "image");
        String full = plugin.in("image", "dd if=/dev/zero of=/d/f bs=1M count=32 2>&1; rm /d/f");
        assertThat(full).contains("No space left");
        plugin.in("image", "echo first >/d/g; sync");
        Awaitility.await()
                .atMost(MOMENT)
                .untilAsserted(() -> assertThat(plugin.places("image")).isEmpty());
        plugin.api().post("/v2/volumes/image/snapshots", "{\"name\":\"s\"}");
        plugin.in("image", "echo second >/d/g; sync");

        plugin.disable();
        plugin.enable();

        assertThat(plugin.in("image", "cat /d/g")).isEqualTo("second");
        Awaitility.await()
                .atMost(MOMENT)
                .untilAsserted(() -> assertThat(plugin.api().users("image")).isEmpty());
        plugin.api().post("/v2/volumes/image/restore", "{\"snapshot\":\"s\"}");
        assertThat(plugin.in("image", "cat /d/g")).isEqualTo("first");
        delete("image");
    }

    private static void delete(String volume) {
        Awaitility.await()
                .atMost(MOMENT)
                .untilAsserted(() -> plugin.api().remove(volume, "delete"));
    }

    @Test
    @Order(2)
    @DisplayName("the managed plugin does not take its own folders for the host's")
    void importsNothingOfItsOwn() {
        assertThat(
                        plugin.api()
                                .text(
                                        "POST",
                                        "/v2/volume-imports?wait=60s",
                                        "{\"folder\":\"/etc\",\"to\":\"own\"}"))
                .startsWith("404")
                .contains("The agent does not see it");
        plugin.on("mkdir", "-p", ManagedPlugin.HOME + "/old");
        plugin.on("sh", "-c", "echo old >" + ManagedPlugin.HOME + "/old/f");
        plugin.api()
                .post(
                        "/v2/volume-imports",
                        "{\"folder\":\"/var/lib/host-agent/old\",\"to\":\"imported\"}");
        assertThat(plugin.in("imported", "cat /d/f")).isEqualTo("old");
        delete("imported");
    }

    @Test
    @Order(3)
    @DisplayName("containers outlive the managed plugin: killed, disabled and enabled again")
    void containersOutliveThePlugin() {
        plugin.startWriter("managed-two", "two");

        plugin.kill();
        Awaitility.await().atMost(MOMENT).until(() -> plugin.knows("two"));
        assertGoesOn("two");
        assertThat(plugin.in("two", "test -s /d/lines && echo seen")).isEqualTo("seen");

        plugin.disable();
        plugin.enable();
        assertGoesOn("two");
        assertThat(plugin.in("two", "test -s /d/lines && echo seen")).isEqualTo("seen");
        assertThat(plugin.api().users("two")).contains("container managed-two");
        plugin.ok("rm", "--force", "managed-two");
    }

    private static void assertGoesOn(String volume) {
        int lines = plugin.lines(volume);
        Awaitility.await().atMost(MOMENT).until(() -> plugin.lines(volume) > lines);
    }

    @Test
    @Order(4)
    @DisplayName("an engine that starts again has the managed plugin before it starts containers")
    void anEngineThatStartsHasItsVolumes() {
        plugin.startWriter("managed-three", "three");
        assertGoesOn("three");
        host.stopEngine();

        long begin = System.nanoTime();
        host.startEngine();
        say("the engine answered", Duration.ofNanos(System.nanoTime() - begin));

        Awaitility.await().atMost(MOMENT).until(() -> plugin.knows("three"));
        int lines = plugin.lines("three");
        Awaitility.await().atMost(MOMENT).until(() -> plugin.lines("three") > lines);
        assertThat(plugin.ok("inspect", "--format={{.State.Status}}", "managed-three"))
                .isEqualTo("running");
        assertThat(plugin.api().events("three")).doesNotContain("late-start");
        plugin.ok("rm", "--force", "managed-three");
    }

    @Test
    @Order(5)
    @DisplayName("what is kept outlives the managed plugin, what is removed goes")
    void volumesOutliveThePlugin() {
        for (String volume : List.of("two", "three")) {
            Awaitility.await()
                    .atMost(MOMENT)
                    .untilAsserted(() -> plugin.ok("volume", "rm", volume));
        }
        assertThat(plugin.api().names()).containsExactly("one");

        plugin.disable();
        plugin.remove();
        plugin.create();
        plugin.enable();

        assertThat(plugin.in("one", "cat /d/f")).isEqualTo("first");
        Awaitility.await().atMost(MOMENT).untilAsserted(() -> plugin.ok("volume", "rm", "one"));
        assertThat(plugin.ok("volume", "ls", "--quiet", "--filter=driver=" + ManagedPlugin.NAME))
                .isEmpty();
    }

    @Test
    @Order(6)
    @DisplayName("engine 20.10 takes the managed plugin as well")
    void anOlderEngineTakesIt(@LabEngine("20") DockerHost older) {
        AgentImage.copy(host, List.of(older));
        ManagedPlugin there = new ManagedPlugin(older);
        try {
            there.create();
            say("the plugin was enabled on engine 20.10", there.enable());

            there.in("one", "echo first >/d/f");

            assertThat(there.in("one", "cat /d/f")).isEqualTo("first");
            Awaitility.await().atMost(MOMENT).untilAsserted(() -> there.ok("volume", "rm", "one"));
        } finally {
            there.clean();
        }
    }
}
