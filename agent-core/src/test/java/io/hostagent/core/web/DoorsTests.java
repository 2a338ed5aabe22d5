// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.capability.AgentPath;
import io.hostagent.core.capability.AgentPath.Access;
import io.hostagent.core.capability.CapabilityDescriptor;
import io.hostagent.core.capability.CapabilityRegistry;
import io.hostagent.core.web.Doors.Door;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoorsTests {

    private static final CapabilityDescriptor HOST =
            capability(
                    "host",
                    new AgentPath("/host", Access.ADMIN),
                    new AgentPath("/host/facts", Access.CALLER),
                    new AgentPath("/v2/host", Access.ADMIN));
    private static final CapabilityDescriptor METRICS =
            capability("metrics", new AgentPath("/metrics", Access.METRICS));
    private static final CapabilityDescriptor VOLUMES =
            capability("volumes", new AgentPath("/v2/volumes", Access.CALLER));

    private final Doors doors =
            new Doors(
                    new CapabilityRegistry(
                            List.of(HOST, METRICS, VOLUMES),
                            Map.of("CAP_HOST", "1", "CAP_VOLUMES", "1")::get));

    @ParameterizedTest
    @CsvSource({
        "/host, ADMIN",
        "/host/, ADMIN",
        "/host/x, ADMIN",
        "/v1.41/host/x, ADMIN",
        "/%68ost, ADMIN",
        "/host%2Ffacts, CALLER",
        "/host/facts, CALLER",
        "/host/facts/x, CALLER",
        "/host/factsx, ADMIN",
        "/v2, CALLER",
        "/v2/x, CALLER",
        "/v2/host, ADMIN",
        "/v2/health, CALLER",
        "/v2/health/live, PUBLIC",
        "/v2/health/ready, PUBLIC",
        "/v2/health/readyx, CALLER"
    })
    void findsTheLongestPrefixOfWholeSegments(String target, Access access) {
        assertThat(find(target)).isEqualTo(new Door.Own(access));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/hostfoo",
                "/hos",
                "/Host",
                "/v1",
                "/v1/host",
                "/host;x=y",
                "/metricsx",
                "/info",
                "/v1.41/hostfoo"
            })
    void leavesEverythingElseToTheEngine(String target) {
        assertThat(find(target)).isEqualTo(new Door.Engine());
    }

    @Test
    void saysWhichFlagOpensADoor() {
        assertThat(find("/metrics"))
                .isInstanceOfSatisfying(
                        Door.Closed.class,
                        closed -> {
                            assertThat(closed.error().status()).isEqualTo(404);
                            assertThat(closed.error().error().message())
                                    .isEqualTo("The capability 'metrics' is off");
                            assertThat(closed.error().error().details()).contains("CAP_METRICS=1");
                        });
    }

    private Door find(String target) {
        return doors.find(RequestPath.parse(target));
    }

    private static CapabilityDescriptor capability(String name, AgentPath... paths) {
        return new CapabilityDescriptor(
                name,
                "CAP_" + name.toUpperCase(Locale.ROOT),
                false,
                "a test",
                List.of(paths),
                List.of());
    }
}
