// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.metrics.dbus.FakeService;
import io.hostagent.capability.metrics.dbus.FakeService.Body;
import io.hostagent.core.fixture.RecordedHost;
import io.hostagent.core.fixture.ScriptedServer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SystemdCollectorTests {

    private static final String SYSTEMD = "/org/freedesktop/systemd1";

    @TempDir private Path folder;

    private static void unit(Body units, String name, String load, String active) {
        units.align(8)
                .text(name)
                .text("A unit")
                .text(load)
                .text(active)
                .text("sub")
                .text("")
                .text("/unit/" + name.replace('.', '_'))
                .number(0)
                .text("")
                .text("/");
    }

    private static FakeService systemd() {
        Body units = new Body();
        unit(units, "ssh.service", "loaded", "active");
        unit(units, "bad.service", "loaded", "failed");
        unit(units, "gone.service", "not-found", "inactive");
        unit(units, "docker.socket", "loaded", "active");
        unit(units, "backup.timer", "loaded", "active");
        unit(units, "home.mount", "loaded", "active");
        unit(units, "odd.service", "loaded", "reloading");
        return new FakeService()
                .method("ListUnits", "a(ssssssouso)", new Body().array(units))
                .property(SYSTEMD, "SystemState", 's', new Body().text("running"))
                .property(SYSTEMD, "Version", 's', new Body().text("252.38-1~deb12u1"))
                .property("/unit/ssh_service", "Type", 's', new Body().text("notify"))
                .property("/unit/ssh_service", "NRestarts", 'u', new Body().number(3))
                .property("/unit/docker_socket", "NAccepted", 'u', new Body().number(-1))
                .property("/unit/docker_socket", "NConnections", 'u', new Body().number(2))
                .property(
                        "/unit/backup_timer",
                        "LastTriggerUSec",
                        't',
                        new Body().longNumber(1_700_000_000_500_000L));
    }

    private Collected collect(ScriptedServer server, Duration time) throws IOException {
        RecordedHost host =
                RecordedHost.in(folder).link("run/systemd/private", server.socket().toString());
        return Collected.by(
                new SystemdCollector(NodeSettings.DEFAULTS.systemdUnits(), time), host.files());
    }

    @Test
    void tellsWhatSystemdAnswers() throws IOException {
        try (ScriptedServer server = ScriptedServer.open()) {
            server.follow(systemd());

            Collected found = collect(server, Duration.ofSeconds(20));

            String ssh = "{name=\"ssh.service\",state=\"active\",type=\"notify\"}";
            assertThat(found.values())
                    .containsEntry("node_systemd_system_running", 1.0)
                    .containsEntry("node_systemd_version{version=\"252.38-1~deb12u1\"}", 252.38)
                    .containsEntry(
                            "node_systemd_virtualization_info{virtualization_type=\"none\"}", 1.0)
                    .containsEntry("node_systemd_units{state=\"active\"}", 4.0)
                    .containsEntry("node_systemd_units{state=\"activating\"}", 0.0)
                    .containsEntry("node_systemd_units{state=\"reloading\"}", 1.0)
                    .containsEntry("node_systemd_units{state=\"inactive\"}", 1.0)
                    .containsEntry("node_systemd_unit_state" + ssh, 1.0)
                    .containsEntry(
                            "node_systemd_unit_state{name=\"bad.service\",state=\"failed\"}", 1.0)
                    .containsEntry(
                            "node_systemd_unit_state{name=\"bad.service\",state=\"active\"}", 0.0)
                    .containsEntry("node_systemd_service_restart_total{name=\"ssh.service\"}", 3.0)
                    .containsEntry(
                            "node_systemd_socket_accepted_connections_total{name=\"docker.socket\"}",
                            4_294_967_295.0)
                    .containsEntry(
                            "node_systemd_timer_last_trigger_seconds{name=\"backup.timer\"}",
                            1_700_000_000.5);
            assertThat(found.names())
                    .doesNotContain("node_systemd_socket_refused_connections_total");
            assertThat(found.values().keySet())
                    .noneMatch(key -> key.contains("gone.service") || key.contains("home.mount"));
        }
    }

    @Test
    void givesUpOnASystemdThatDoesNotAnswer() throws IOException {
        try (ScriptedServer server = ScriptedServer.open()) {
            server.follow(connection -> connection.readToEnd());

            assertThatThrownBy(() -> collect(server, Duration.ofMillis(100)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void failsWhenThereIsASocketAndNobodyBehindIt() throws IOException {
        ScriptedServer server = ScriptedServer.open();
        RecordedHost host =
                RecordedHost.in(folder).file("run/systemd/private", "not even a socket");
        server.close();

        assertThatThrownBy(
                        () ->
                                Collected.by(
                                        new SystemdCollector(NameFilter.ALL, Duration.ofSeconds(5)),
                                        host.files()))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(NoDataException.class);
    }

    @Test
    void asksSystemdOverARealBusThatDoesNotKnowIt() throws Exception {
        Path socket = folder.resolve("run/dbus/system_bus_socket");
        RecordedHost host = RecordedHost.in(folder).folder("run/dbus");
        Process bus = RealBus.start(socket);
        try {
            assertThatThrownBy(
                            () ->
                                    Collected.by(
                                            new SystemdCollector(
                                                    NameFilter.ALL, Duration.ofSeconds(20)),
                                            host.files()))
                    .hasMessageContaining("org.freedesktop.systemd1");
        } finally {
            bus.destroy();
        }
    }
}
