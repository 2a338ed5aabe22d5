// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.settings;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SettingsReaderTests {

    private static final Map<String, String> EVERYTHING =
            Map.ofEntries(
                    entry("AGENT_HOST", "::1"),
                    entry("AGENT_PORT", "9443"),
                    entry("AGENT_MAX_CONNECTIONS", "77"),
                    entry("AGENT_SECRET", "s3cret"),
                    entry("AGENT_SECRET_TIMEOUT", "90s"),
                    entry("AGENT_PUBLIC_KEY", "00ff"),
                    entry("AGENT_METRICS_TOKEN", "0123456789abcdef"),
                    entry("AGENT_TLS_CERT", "/tls/cert.pem"),
                    entry("AGENT_TLS_KEY", "/tls/key.pem"),
                    entry("AGENT_READ_ONLY", "yes"),
                    entry("AGENT_PORTAINER_VERSION", "2.24.1"),
                    entry("AGENT_CLUSTER_ADDR", "tasks.agent"),
                    entry("AGENT_CLUSTER_PROBE_TIMEOUT", "1s"),
                    entry("AGENT_CLUSTER_PROBE_INTERVAL", "2s"),
                    entry("ASSETS_PATH", "/assets"),
                    entry("DATA_PATH", "/var/lib/agent/../agent"),
                    entry("LOG_LEVEL", "debug"),
                    entry("LOG_MODE", "Json"),
                    entry("PODMAN", "1"),
                    entry("DOCKER_HOST", "tcp://engine:2376"),
                    entry("DOCKER_API_VERSION", "1.41"),
                    entry("DOCKER_TLS_VERIFY", "1"),
                    entry("DOCKER_CERT_PATH", "/certs"),
                    entry("PROXY_ALLOW", "GET /info"),
                    entry("PROXY_AUTO_ROUTE", "0"));

    @Test
    void hasADefaultForEverythingItNeeds() {
        AgentSettings settings = read(Map.of());

        assertThat(settings.host().getHostAddress()).isEqualTo("0.0.0.0");
        assertThat(settings.port()).isEqualTo(9001);
        assertThat(settings.maxConnections()).isEqualTo(4096);
        assertThat(settings.trust().secret()).isEmpty();
        assertThat(settings.trust().secretTimeout()).isEqualTo(Duration.ofDays(3));
        assertThat(settings.trust().publicKey()).isEmpty();
        assertThat(settings.tls()).isEmpty();
        assertThat(settings.readOnly()).isFalse();
        assertThat(settings.portainerVersion()).isEqualTo("2.23.0");
        assertThat(settings.clusterAddress()).isEmpty();
        assertThat(settings.dataPath()).isEqualTo(Path.of("/data"));
        assertThat(settings.log())
                .isEqualTo(
                        new AgentSettings.Log(
                                AgentSettings.Log.Level.INFO, AgentSettings.Log.Mode.AUTO));
        assertThat(settings.engine())
                .isEqualTo(new EngineAddress.UnixSocket(Path.of("/var/run/docker.sock")));
        assertThat(settings.engineApiVersion()).isEmpty();
        assertThat(settings.podman()).isFalse();
    }

    @Test
    void readsEveryVariable() {
        assertThat(EVERYTHING)
                .containsOnlyKeys(
                        Arrays.stream(Setting.values()).map(Setting::name).toArray(String[]::new));

        AgentSettings settings = read(EVERYTHING);

        assertThat(settings.host().getHostAddress()).isEqualTo("0:0:0:0:0:0:0:1");
        assertThat(settings.port()).isEqualTo(9443);
        assertThat(settings.maxConnections()).isEqualTo(77);
        assertThat(settings.trust().secret().orElseThrow().bytes()).asString().isEqualTo("s3cret");
        assertThat(settings.trust().secretTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.trust().publicKey()).contains("00ff");
        assertThat(settings.tls())
                .contains(
                        new AgentSettings.TlsFiles(
                                Path.of("/tls/cert.pem"), Path.of("/tls/key.pem")));
        assertThat(settings.readOnly()).isTrue();
        assertThat(settings.portainerVersion()).isEqualTo("2.24.1");
        assertThat(settings.clusterAddress()).contains("tasks.agent");
        assertThat(settings.dataPath()).isEqualTo(Path.of("/var/lib/agent"));
        assertThat(settings.log())
                .isEqualTo(
                        new AgentSettings.Log(
                                AgentSettings.Log.Level.DEBUG, AgentSettings.Log.Mode.JSON));
        assertThat(settings.engine())
                .isEqualTo(new EngineAddress.Tcp("engine", 2376, Path.of("/certs")));
        assertThat(settings.engineApiVersion()).contains("1.41");
        assertThat(settings.podman()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void takesAnEmptyVariableForAnUnsetOne(Setting setting) {
        assertThat(
                        new SettingsReader(name -> name.equals(setting.name()) ? "" : null)
                                .value(setting))
                .isEqualTo(new SettingsReader(name -> null).value(setting));
    }

    @ParameterizedTest
    @CsvSource({
        "AGENT_HOST, localhost",
        "AGENT_HOST, 1.2.3",
        "AGENT_PORT, 0",
        "AGENT_PORT, 65536",
        "AGENT_PORT, +9001",
        "AGENT_PORT, https",
        "AGENT_MAX_CONNECTIONS, 0",
        "AGENT_MAX_CONNECTIONS, 99999999999",
        "AGENT_SECRET_TIMEOUT, 3 days",
        "AGENT_TLS_CERT, /cert.pem",
        "AGENT_TLS_KEY, /key.pem",
        "AGENT_READ_ONLY, maybe",
        "LOG_LEVEL, TRACE",
        "LOG_MODE, XML",
        "PODMAN, maybe",
        "DOCKER_HOST, ssh://host",
        "DOCKER_API_VERSION, v1.41",
        "DOCKER_API_VERSION, 1"
    })
    void namesTheVariableThatItRefuses(String name, String value) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> read(Map.of(name, value)))
                .withMessageContaining(name);
    }

    @Test
    void readsASecretFromAFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "from a file\n");

        AgentSettings settings = read(Map.of("AGENT_SECRET_FILE", file.toString()));

        assertThat(settings.trust().secret().orElseThrow().bytes())
                .asString()
                .isEqualTo("from a file");
    }

    @Test
    void refusesASecretFileThatIsEmptyOrAway(@TempDir Path folder) throws Exception {
        Path empty = Files.writeString(folder.resolve("empty"), " \n");

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> read(Map.of("AGENT_SECRET_FILE", empty.toString())))
                .withMessageContaining("AGENT_SECRET_FILE=" + empty);
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> read(Map.of("AGENT_SECRET_FILE", folder + "/away")))
                .withMessageContaining("AGENT_SECRET_FILE=" + folder + "/away");
    }

    @Test
    void refusesASecretThatIsGivenTwice() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> read(Map.of("AGENT_SECRET", "x", "AGENT_SECRET_FILE", "/y")))
                .withMessageContaining("AGENT_SECRET and AGENT_SECRET_FILE")
                .withMessageNotContaining("AGENT_SECRET=x");
    }

    @Test
    void readsNoFileForWhatIsNoSecret() {
        assertThat(read(Map.of("AGENT_PORT_FILE", "/nowhere")).port()).isEqualTo(9001);
    }

    @Test
    void neverPrintsTheSecret() {
        assertThat(read(EVERYTHING).toString()).doesNotContain("s3cret");
    }

    private static AgentSettings read(Map<String, String> variables) {
        return new SettingsReader(variables::get).read();
    }
}
