// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import io.hostagent.core.settings.AgentSettings.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Instant;

/** Certificates and keys for tests. */
final class Pairs {

    private Pairs() {}

    static TlsFiles in(Path folder) {
        return new TlsFiles(folder.resolve("own.crt"), folder.resolve("own.key"));
    }

    /** Writes a new pair, as an operator's tool does: over the old files, one after the other. */
    static TlsFiles write(Path folder) throws IOException, GeneralSecurityException {
        TlsFiles files = in(folder);
        KeyPair pair = SelfMade.newKey();
        Files.write(files.certificate(), certificate(pair, Instant.now()));
        Files.write(files.key(), Pem.write("PRIVATE KEY", pair.getPrivate().getEncoded()));
        return files;
    }

    static byte[] certificate(KeyPair pair, Instant made)
            throws IOException, GeneralSecurityException {
        return Pem.write(
                "CERTIFICATE", SelfMade.certificate(pair.getPublic(), pair.getPrivate(), made));
    }
}
