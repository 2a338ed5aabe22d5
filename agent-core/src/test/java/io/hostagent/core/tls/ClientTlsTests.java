// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hostagent.core.settings.AgentSettings.TlsFiles;
import io.hostagent.core.settings.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientTlsTests {

    @TempDir Path folder;

    @BeforeEach
    void writeFiles() throws Exception {
        TlsFiles pair = Pairs.write(folder);
        Files.copy(pair.certificate(), folder.resolve("ca.pem"));
        Files.move(pair.certificate(), folder.resolve("cert.pem"));
        Files.move(pair.key(), folder.resolve("key.pem"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"engine", "engine.example", "engine.example."})
    void namesTheHostThatItWantsAndVerifiesIt(String host) {
        SSLParameters parameters = ClientTls.to(host, 2376, folder).get().getSSLParameters();

        String name = host.equals("engine") ? "engine" : "engine.example";
        assertThat(parameters.getServerNames()).containsExactly(new SNIHostName(name));
        assertThat(parameters.getEndpointIdentificationAlgorithm()).isEqualTo("HTTPS");
    }

    /** RFC 6066 has no addresses in a server name. */
    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "::1", "fe80::1"})
    void verifiesAnAddressWithoutNamingIt(String host) {
        SSLParameters parameters = ClientTls.to(host, 2376, folder).get().getSSLParameters();

        assertThat(parameters.getServerNames()).isNullOrEmpty();
        assertThat(parameters.getEndpointIdentificationAlgorithm()).isEqualTo("HTTPS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca.pem", "cert.pem", "key.pem"})
    void namesAFileThatIsMissing(String name) throws Exception {
        Files.delete(folder.resolve(name));

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> ClientTls.to("engine", 2376, folder))
                .withMessageContaining(folder.resolve(name) + " does not exist");
    }

    @Test
    void wantsTheKeyOfTheCertificate() throws Exception {
        Files.move(Pairs.write(folder).key(), folder.resolve("other.pem"));
        Files.copy(
                folder.resolve("other.pem"),
                folder.resolve("key.pem"),
                StandardCopyOption.REPLACE_EXISTING);

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> ClientTls.to("engine", 2376, folder))
                .withMessageContaining("does not belong to");
    }
}
