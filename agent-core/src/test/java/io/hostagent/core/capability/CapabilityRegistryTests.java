// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hostagent.core.capability.Need.Absence;
import io.hostagent.core.settings.SettingsException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CapabilityRegistryTests {

    private final Map<String, String> variables = new HashMap<>();
    private final AtomicReference<Optional<Absence>> missing =
            new AtomicReference<>(Optional.empty());

    private final CapabilityDescriptor proxy = capability("proxy", "CAP_PROXY", true);
    private final CapabilityDescriptor metrics = capability("metrics", "CAP_METRICS", false);
    private final CapabilityDescriptor host = capability("host", "CAP_HOST_MANAGEMENT", false);
    private final CapabilityRegistry registry =
            new CapabilityRegistry(List.of(proxy, metrics, host), variables::get);

    @Test
    void listsByName() {
        assertThat(registry.all()).containsExactly(host, metrics, proxy);
    }

    @Test
    void isOffUntilItsFlagIsSet() {
        assertThat(registry.isOn(metrics)).isFalse();
        assertThat(registry.status(metrics))
                .isEqualTo(new CapabilityStatus.Off("CAP_METRICS is not set", "set CAP_METRICS=1"));

        variables.put("CAP_METRICS", "on");

        assertThat(registry.isOn(metrics)).isTrue();
        assertThat(registry.status(metrics)).isEqualTo(new CapabilityStatus.On("CAP_METRICS=on"));
    }

    @Test
    void isOnByDefaultUntilItsFlagSaysNo() {
        assertThat(registry.status(proxy)).isEqualTo(new CapabilityStatus.On("on by default"));

        variables.put("CAP_PROXY", "0");

        assertThat(registry.status(proxy))
                .isEqualTo(new CapabilityStatus.Off("CAP_PROXY=0", "set CAP_PROXY=1"));
    }

    @Test
    void waitsForWhatItNeedsAndBeginsByItself() {
        missing.set(Optional.of(new Absence("no socket", "mount it")));

        assertThat(registry.status(proxy))
                .isEqualTo(new CapabilityStatus.Waiting("no socket", "mount it"));

        missing.set(Optional.empty());

        assertThat(registry.status(proxy)).isInstanceOf(CapabilityStatus.On.class);
    }

    @Test
    void refusesAFlagThatIsNeitherYesNorNo() {
        variables.put("CAP_METRICS", "maybe");

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> new CapabilityRegistry(List.of(metrics), variables::get))
                .withMessageContaining("CAP_METRICS=maybe");
    }

    @Test
    void warnsOfAFlagThatNobodyKnows() {
        assertThat(
                        registry.unknownFlags(
                                Stream.of(
                                        "CAP_METRIC",
                                        "CAP_METRICS",
                                        "CAP_HOSTMANAGEMENT",
                                        "cap_proxy",
                                        "PATH")))
                .satisfiesExactly(
                        first ->
                                assertThat(first)
                                        .startsWith("CAP_HOSTMANAGEMENT ")
                                        .contains("CAP_HOST_MANAGEMENT?"),
                        second ->
                                assertThat(second)
                                        .startsWith("CAP_METRIC ")
                                        .contains("CAP_METRICS?"));
    }

    private CapabilityDescriptor capability(String name, String flag, boolean onByDefault) {
        return new CapabilityDescriptor(
                name,
                flag,
                onByDefault,
                "a test",
                List.of(),
                List.of(new Need("a socket", missing::get)));
    }
}
