// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import static io.hostagent.core.trust.Vectors.NO_SECRET;
import static io.hostagent.core.trust.Vectors.V1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.core.settings.SettingsException;
import io.hostagent.core.trust.Verdict.Granted;
import io.hostagent.core.trust.Verdict.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirstUseTests {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir Path data;

    private final ManualTicker ticker = new ManualTicker();

    @Test
    void keepsTheFirstClientOverARestart() throws Exception {
        Credentials other = Vectors.newClient("secp256r1");
        Authenticator agent = open(data);
        assertThat(agent.associated()).isFalse();
        assertThat(agent.authenticate(V1)).isInstanceOf(Granted.class);
        assertThat(agent.associated()).isTrue();
        assertThat(agent.authenticate(other)).isInstanceOf(Refused.class);

        Authenticator restarted = open(data);
        assertThat(restarted.associated()).isTrue();
        assertThat(restarted.authenticate(other))
                .isEqualTo(new Refused(403, "Invalid request signature", "Unauthorized"));
        assertThat(restarted.authenticate(V1)).isInstanceOf(Granted.class);
    }

    @Test
    void theFileIsForTheAgentOnly() throws Exception {
        open(data).authenticate(V1);
        for (String file : List.of("trust.json", ".lock")) {
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(data.resolve(file))))
                    .isEqualTo("rw-------");
        }
        assertThat(data.toFile().list()).containsExactlyInAnyOrder("trust.json", ".lock");
    }

    @Test
    void oneOfTwoRacingClientsWins() throws Exception {
        List<Credentials> clients =
                List.of(Vectors.newClient("secp256r1"), Vectors.newClient("secp256r1"));
        CyclicBarrier start = new CyclicBarrier(2);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 200; round++) {
                Path folder = Files.createDirectory(data.resolve("round" + round));
                // In every other round the two come to two processes, as far as one JVM can tell.
                Authenticator one = open(folder);
                Authenticator two = round % 2 == 0 ? one : open(folder);
                Future<Verdict> first = threads.submit(() -> at(start, one, clients.get(0)));
                Future<Verdict> second = threads.submit(() -> at(start, two, clients.get(1)));
                List<Verdict> verdicts = List.of(first.get(), second.get());
                assertThat(verdicts).filteredOn(Granted.class::isInstance).hasSize(1);
                assertThat(verdicts)
                        .contains(new Refused(403, "Invalid request signature", "Unauthorized"));
                int winner = verdicts.get(0) instanceof Granted ? 0 : 1;
                assertThat(new TrustStore(folder, Clock.systemUTC()).bound())
                        .hasValueSatisfying(
                                bound ->
                                        assertThat(bound.publicKey())
                                                .isEqualTo(
                                                        clients.get(winner)
                                                                .header(
                                                                        "X-PortainerAgent-PublicKey")));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{}",
                "[]",
                "{\"version\":1",
                "{\"version\":2,\"publicKey\":null,\"since\":\"2026-01-01T00:00:00Z\"}",
                "{\"version\":1,\"publicKey\":\"abc\",\"since\":\"2026-01-01T00:00:00Z\"}",
                "{\"version\":1,\"publicKey\":true,\"since\":\"2026-01-01T00:00:00Z\"}",
                "{\"version\":true,\"publicKey\":null,\"since\":\"2026-01-01T00:00:00Z\"}",
                "{\"version\":1,\"publicKey\":null,\"since\":\"yesterday\"}",
                "{\"version\":1,\"publicKey\":null,\"since\":\"2026-01-01T00:00:00Z\"} more"
            })
    void doesNotStartWithADamagedFile(String content) throws Exception {
        Files.writeString(data.resolve("trust.json"), content);
        assertThatThrownBy(() -> open(data))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("trust.json")
                .hasMessageContaining("agent trust reset")
                .hasMessageNotContaining("\n");
        assertThat(data.resolve("trust.json")).hasContent(content);
    }

    @Test
    void doesNotStartWithAnUnreadableFile() throws Exception {
        Files.createDirectory(data.resolve("trust.json"));
        assertThatThrownBy(() -> open(data))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("trust.json cannot be read");
    }

    @Test
    void noticesAResetByAnotherProcess() throws Exception {
        Credentials other = Vectors.newClient("secp256r1");
        Authenticator agent = open(data);
        agent.authenticate(V1);
        assertThat(new TrustStore(data, Clock.systemUTC()).reset()).isTrue();
        ticker.advance(SECOND);
        assertThat(agent.associated()).isFalse();
        assertThat(agent.authenticate(other)).isInstanceOf(Granted.class);
        assertThat(agent.authenticate(V1)).isInstanceOf(Refused.class);
    }

    @Test
    void noticesABindingByAnotherProcess() throws Exception {
        Authenticator agent = open(data);
        open(data).authenticate(Vectors.newClient("secp256r1"));
        assertThat(agent.authenticate(V1)).isInstanceOf(Refused.class);
    }

    @Test
    void aFileThatDisappearsDoesNotOpenTheAgent() throws Exception {
        Authenticator agent = open(data);
        agent.authenticate(V1);
        Files.delete(data.resolve("trust.json"));
        ticker.advance(SECOND);
        assertThat(agent.authenticate(Vectors.newClient("secp256r1"))).isInstanceOf(Refused.class);
        assertThat(agent.authenticate(V1)).isInstanceOf(Granted.class);
        assertThat(new TrustStore(data, Clock.systemUTC()).reset()).isFalse();
        ticker.advance(SECOND);
        assertThat(agent.authenticate(Vectors.newClient("secp256r1"))).isInstanceOf(Granted.class);
    }

    @Test
    void aFileThatIsDamagedMeanwhileClosesTheAgentUntilItIsPutRight() throws Exception {
        Authenticator agent = open(data);
        agent.authenticate(V1);
        byte[] good = Files.readAllBytes(data.resolve("trust.json"));
        Files.writeString(data.resolve("trust.json"), "{");
        ticker.advance(SECOND);
        assertThat(agent.authenticate(V1))
                .isInstanceOfSatisfying(Refused.class, r -> assertThat(r.status()).isEqualTo(503));
        Files.write(data.resolve("trust.json"), good);
        ticker.advance(SECOND);
        assertThat(agent.authenticate(V1)).isInstanceOf(Granted.class);
    }

    @Test
    void isNotGrantedWhenTheBindingCannotBeKept() throws Exception {
        Path blocked = data.resolve("blocked");
        Authenticator agent = open(blocked);
        Files.writeString(blocked, "a file where the folder should be");
        assertThat(agent.authenticate(V1))
                .isInstanceOfSatisfying(Refused.class, r -> assertThat(r.status()).isEqualTo(503));
    }

    @Test
    void resetMendsADamagedFile() throws Exception {
        Files.writeString(data.resolve("trust.json"), "{");
        assertThat(new TrustStore(data, Clock.systemUTC()).reset()).isTrue();
        assertThat(new TrustStore(data, Clock.systemUTC()).reset()).isFalse();
        assertThat(open(data).authenticate(V1)).isInstanceOf(Granted.class);
    }

    private static Verdict at(CyclicBarrier start, Authenticator agent, Credentials client)
            throws Exception {
        start.await();
        return agent.authenticate(client);
    }

    private Authenticator open(Path folder) {
        return Authenticator.open(NO_SECRET, folder, Clock.systemUTC(), ticker);
    }
}
