// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.error;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class EngineExceptionTests {

    @Test
    void saysWhatToDoAboutTheReason() {
        assertThat(remedy(new ConnectException("Connection refused"))).contains("Start the engine");
        assertThat(remedy(new ConnectException("error(-13): Permission denied: /docker.sock")))
                .contains("member of the group");
        assertThat(remedy(new SSLHandshakeException("PKIX path building failed")))
                .contains("DOCKER_CERT_PATH");
    }

    private static String remedy(Exception reason) {
        return new String(
                EngineException.unreachable(new IllegalStateException("away", reason))
                        .error()
                        .json(),
                UTF_8);
    }
}
