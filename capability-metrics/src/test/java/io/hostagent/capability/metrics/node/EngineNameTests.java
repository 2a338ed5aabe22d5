// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.docker.ApiRange;
import io.hostagent.core.docker.ApiVersion;
import io.hostagent.core.docker.Container;
import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.docker.ContainerEvent;
import io.hostagent.core.docker.ContainerId;
import io.hostagent.core.docker.DockerEngine;
import io.hostagent.core.docker.EngineInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class EngineNameTests {

    private Mono<EngineInfo> answer = Mono.never();
    private int asked;
    private long now;

    private final EngineName name = new AskedEngineName(new Fake(), () -> now);

    /** An engine that hangs or fails when it is told to, which a real one does not. */
    private final class Fake implements DockerEngine {

        @Override
        public Mono<EngineInfo> info() {
            asked++;
            return answer;
        }

        @Override
        public Mono<List<Container>> containers() {
            return Mono.error(new UnsupportedOperationException());
        }

        @Override
        public Mono<Container> container(ContainerId id) {
            return Mono.error(new UnsupportedOperationException());
        }

        @Override
        public Mono<ContainerDetails> details(ContainerId id) {
            return Mono.error(new UnsupportedOperationException());
        }

        @Override
        public Flux<ContainerEvent> containerEvents(Instant since) {
            return Flux.error(new UnsupportedOperationException());
        }
    }

    private static EngineInfo info(String name) {
        return new EngineInfo(
                "id",
                name,
                "26.1.5",
                new ApiRange(new ApiVersion(1, 24), new ApiVersion(1, 45)),
                new EngineInfo.SwarmState(false, false, ""),
                Instant.EPOCH);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void isAskedForOnceInAWhile() {
        answer = Mono.just(info("node7"));

        assertThat(name.ask()).contains("node7");
        pass(Duration.ofMinutes(4));
        assertThat(name.ask()).contains("node7");
        assertThat(asked).isEqualTo(1);

        answer = Mono.just(info("renamed"));
        pass(Duration.ofMinutes(2));
        assertThat(name.ask()).contains("renamed");
    }

    @Test
    void staysWhenTheEngineIsStopped() {
        answer = Mono.just(info("node7"));
        name.ask();
        answer = Mono.error(new IllegalStateException("stopped"));
        pass(Duration.ofMinutes(6));

        assertThat(name.ask()).contains("node7");
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void isUnknownWhileAnEngineHangsWhichHoldsUpOneScrapeOnly() {
        assertThat(name.ask()).isEmpty();
        assertThat(name.ask()).isEmpty();
        assertThat(asked).isEqualTo(1);

        answer = Mono.just(info("node7"));
        pass(Duration.ofSeconds(31));
        assertThat(name.ask()).contains("node7");
    }

    @Test
    void isUnknownWhenTheEngineHasNone() {
        answer = Mono.just(info(""));

        assertThat(name.ask()).isEmpty();
        assertThat(EngineName.NOBODY.ask()).isEmpty();
    }
}
