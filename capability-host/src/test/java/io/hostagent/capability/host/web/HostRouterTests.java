// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.capability.host.facts.HostFacts;
import io.hostagent.capability.host.facts.HostInventory;
import io.hostagent.capability.host.fixture.AbsentEngine;
import io.hostagent.core.concurrent.Blocking;
import io.hostagent.core.fixture.RecordedHost;
import io.hostagent.core.json.JsonTree;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;

class HostRouterTests {

    @TempDir private Path folder = Path.of("");

    private final Blocking blocking = new Blocking(8);

    @AfterEach
    void close() {
        blocking.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/host/info", "/v1/host/info", "/v2/host/info"})
    void tellsAPortainerServerOfDevicesAndDisks(String path) {
        Object inventory = get(RecordedHost.in(folder).with("microvm.tree"), path, 200);

        assertThat(inventory)
                .isEqualTo(
                        Map.of(
                                "PCIDevices",
                                List.of(
                                        device("Intel Corporation", "Device 0d57"),
                                        device("Red Hat, Inc.", "Virtio 1.0 memory balloon"),
                                        device("Red Hat, Inc.", "Virtio 1.0 block device"),
                                        device("Red Hat, Inc.", "Virtio 1.0 network device"),
                                        device("Red Hat, Inc.", "Virtio 1.0 socket"),
                                        device("Red Hat, Inc.", "Virtio 1.0 RNG")),
                                "PhysicalDisks",
                                List.of(disk("Red Hat, Inc.", 274_877_906_944L))));
    }

    @Test
    void namesTheMakersOfDisksOfAllKinds() {
        Object inventory = get(RecordedHost.in(folder).with("desktop.tree"), "/v2/host/info", 200);

        assertThat(JsonTree.list(inventory, "PhysicalDisks"))
                .containsExactly(
                        disk("SC32G", 62333952L * 512),
                        disk("Samsung Electronics Co Ltd", 1000215216L * 512),
                        disk("INTEL SSDPE2KX010T8", 1000215216L * 512),
                        disk("WDC WD10EZEX-08W", 1953525168L * 512),
                        disk("SanDisk", 60125184L * 512),
                        disk("unknown", 41943040L * 512));
        assertThat(JsonTree.list(inventory, "PCIDevices"))
                .contains(
                        device("NVIDIA Corporation", "GA102 [GeForce RTX 3080]"),
                        device("Vendor 7ffe", "Device 0001"));
    }

    /** The server takes anything but a list for a failure of its own. */
    @Test
    void hasAnEmptyListWhereThereIsNone() {
        RecordedHost host = RecordedHost.in(folder).folder("sys/block");

        assertThat(get(host, "/v2/host/info", 200))
                .isEqualTo(Map.of("PCIDevices", List.of(), "PhysicalDisks", List.of()));
    }

    @Test
    void swallowsAFailureOfThePciBusAsTheOriginalDoes() {
        RecordedHost host =
                RecordedHost.in(folder)
                        .folder("sys/block")
                        .file("sys/bus/pci/devices", "no folder");

        assertThat(JsonTree.at(get(host, "/v2/host/info", 200), "PCIDevices")).isEqualTo(List.of());
    }

    @Test
    void failsInTheWordsOfTheOriginalWithoutAListOfDisks() {
        Object error = get(RecordedHost.in(folder), "/v2/host/info", 500);

        assertThat(JsonTree.text(error, "message"))
                .isEqualTo("Unable to retrieve host information");
        assertThat(JsonTree.text(error, "details")).contains("/sys/block");
    }

    @Test
    void tellsAllThatIsKnownAndWhatIsNot() {
        Object facts =
                get(
                        RecordedHost.in(folder)
                                .with("microvm.tree")
                                .copy("proc/meminfo", "facts/microvm.meminfo"),
                        "/v2/host",
                        200);

        assertThat(JsonTree.map(facts))
                .containsOnlyKeys(
                        "host",
                        "operatingSystem",
                        "kernel",
                        "hardware",
                        "virtualization",
                        "cpu",
                        "memory",
                        "fileSystems",
                        "blockDevices",
                        "networkInterfaces",
                        "sensors",
                        "graphics",
                        "clock",
                        "containerEngine")
                .allSatisfy(
                        (name, part) ->
                                assertThat(JsonTree.at(part, "absent"))
                                        .as(name)
                                        .isInstanceOf(List.class));
        assertThat(JsonTree.number(facts, "memory", "totalBytes")).isEqualTo(24684096L * 1024);
        assertThat(JsonTree.list(facts, "containerEngine", "absent"))
                .asString()
                .contains("Unable to reach the Docker engine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/host", "/host/info", "/v1/host/info", "/v2/host/info"})
    void isThereToBeReadAndNothingElse(String path) {
        client(RecordedHost.in(folder))
                .post()
                .uri(path)
                .exchange()
                .expectStatus()
                .isEqualTo(405)
                .expectHeader()
                .valueEquals("Allow", "GET");
    }

    private static Map<String, Object> device(String vendor, String name) {
        return Map.of("Vendor", vendor, "Name", name);
    }

    private static Map<String, Object> disk(String vendor, long size) {
        return Map.of("Vendor", vendor, "Size", size);
    }

    private Object get(RecordedHost host, String path, int status) {
        EntityExchangeResult<byte[]> answer =
                client(host)
                        .get()
                        .uri(path)
                        .exchange()
                        .expectStatus()
                        .isEqualTo(status)
                        .expectHeader()
                        .contentType(MediaType.APPLICATION_JSON)
                        .expectBody()
                        .returnResult();
        String body = new String(Objects.requireNonNull(answer.getResponseBody()), UTF_8);
        return Objects.requireNonNull(JsonTree.read(body));
    }

    private WebTestClient client(RecordedHost host) {
        return WebTestClient.bindToRouterFunction(
                        new HostRouter(
                                        new HostInventory(blocking, host.hostRoot()),
                                        new HostFacts(
                                                blocking,
                                                host.hostRoot(),
                                                new AbsentEngine(),
                                                true))
                                .routes())
                .build();
    }
}
