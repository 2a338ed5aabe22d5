// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.self;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.capability.metrics.scrape.ScrapeRequest;
import io.hostagent.core.meter.AgentMeters.MissingNode;
import io.hostagent.core.meter.OwnNumbers.OwnNumber;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class AgentSourceTests {

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final MeteredAgent meters = new MeteredAgent(registry);
    private final AgentSource source =
            new AgentSource(registry, core -> {}, List.of(AgentSourceTests::ofACapability));

    private static List<OwnNumber> ofACapability() {
        return List.of(
                new OwnNumber("agent_volume_epoch", "H.", false, Map.of("volume", "web"), 3),
                new OwnNumber("agent_volume_epoch", "H.", false, Map.of("volume", "db"), 4),
                new OwnNumber(
                        "agent_volume_events_total", "E.", true, Map.of("action", "mount"), 5));
    }

    @Test
    void tellsWhatOtherCapabilitiesTell() {
        assertThat(samples())
                .containsEntry("agent_volume_epoch{volume=\"web\"}", 3.0)
                .containsEntry("agent_volume_epoch{volume=\"db\"}", 4.0)
                .containsEntry("agent_volume_events_total{action=\"mount\"}", 5.0);
    }

    @Test
    void tellsOfTheVirtualMachineUnderMicrometersNames() {
        System.gc();

        Map<String, Double> samples = samples();

        assertThat(samples.keySet())
                .anyMatch(name -> name.startsWith("jvm_memory_used_bytes{area=\"heap\",id="))
                .anyMatch(name -> name.startsWith("jvm_buffer_memory_used_bytes{id=\"direct\"}"))
                .anyMatch(name -> name.startsWith("jvm_gc_pause_seconds_count{gc="))
                .anyMatch(name -> name.startsWith("jvm_gc_pause_seconds_sum{gc="))
                .contains("jvm_threads_live_threads", "process_uptime_seconds");
        assertThat(samples.get("jvm_threads_live_threads")).isPositive();
        assertThat(samples.get("process_uptime_seconds")).isBetween(0.1, 3_600.0);
        assertThat(
                        samples.entrySet().stream()
                                .filter(e -> e.getKey().startsWith("jvm_gc_pause_seconds_count"))
                                .mapToDouble(Map.Entry::getValue)
                                .sum())
                .isPositive();
    }

    @Test
    void countsConnectionsWhileTheyAreOpen() {
        EmbeddedChannel channel = new EmbeddedChannel();
        meters.connected(channel);
        meters.connected(new EmbeddedChannel());
        channel.close();

        assertThat(samples())
                .containsEntry("agent_connections_total", 2.0)
                .containsEntry("agent_connections_open", 1.0);
    }

    @Test
    void countsRequestsByHowTheyEnd() {
        for (int status : new int[] {200, 204, 304, 403, 401, 404, 500, 503}) {
            StepVerifier.create(meters.request(Mono.empty(), () -> status))
                    .expectComplete()
                    .verify(Duration.ofSeconds(5));
        }
        StepVerifier.create(meters.request(Mono.error(new IllegalStateException()), () -> 200))
                .expectError()
                .verify(Duration.ofSeconds(5));
        Disposable stream = meters.request(Mono.never(), () -> 200).subscribe();
        meters.request(Mono.never(), () -> 200).subscribe();
        assertThat(samples()).containsEntry("agent_requests_active", 2.0);
        stream.dispose();

        assertThat(samples())
                .containsEntry("agent_requests_active", 1.0)
                .containsEntry("agent_requests_total{outcome=\"success\"}", 3.0)
                .containsEntry("agent_requests_total{outcome=\"refused\"}", 2.0)
                .containsEntry("agent_requests_total{outcome=\"client_error\"}", 1.0)
                .containsEntry("agent_requests_total{outcome=\"server_error\"}", 3.0)
                .containsEntry("agent_requests_total{outcome=\"cancelled\"}", 1.0);
    }

    @Test
    void countsNodesThatListsLack() {
        meters.missing(MissingNode.ABSENT, 3);
        meters.missing(MissingNode.UNREACHABLE, 1);

        assertThat(samples())
                .containsEntry("agent_list_missing_nodes_total{reason=\"absent\"}", 3.0)
                .containsEntry("agent_list_missing_nodes_total{reason=\"unreachable\"}", 1.0)
                .containsEntry("agent_list_missing_nodes_total{reason=\"refused\"}", 0.0);
    }

    private Map<String, Double> samples() {
        return ProcessSourceTests.flat(
                source.scrape(ScrapeRequest.ALL, System.nanoTime() + 1_000_000_000));
    }
}
