// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An authority and its certificates, made with {@code openssl} as Docker's manual shows: {@code
 * ca.pem}, and for each name {@code NAME/ca.pem}, {@code NAME/cert.pem} and {@code NAME/key.pem}.
 */
record Certificates(Path folder) {

    /** Makes an authority of its own. */
    static Certificates in(Path folder) throws IOException, InterruptedException {
        Certificates made = new Certificates(Files.createDirectories(folder));
        made.openssl(
                "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca-key.pem"
                        + " -out ca.pem");
        return made;
    }

    /** Makes a certificate; the names are as {@code subjectAltName} takes them. */
    Path issue(String name, String usage, String names) throws IOException, InterruptedException {
        Path own = Files.createDirectories(folder.resolve(name));
        Files.writeString(
                own.resolve("extensions"),
                "subjectAltName=%s\nextendedKeyUsage=%s\n".formatted(names, usage));
        openssl(
                "req -newkey rsa:2048 -nodes -subj /CN=%1$s -keyout %1$s/key.pem -out %1$s/request"
                        .formatted(name));
        openssl(
                ("x509 -req -in %1$s/request -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2"
                                + " -extfile %1$s/extensions -out %1$s/cert.pem")
                        .formatted(name));
        Files.copy(folder.resolve("ca.pem"), own.resolve("ca.pem"));
        return own;
    }

    private void openssl(String arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("openssl"));
        line.addAll(List.of(arguments.split(" ")));
        Path log = folder.resolve("openssl.log");
        Process process =
                new ProcessBuilder(line)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        assertThat(process.waitFor()).as(Files.readString(log)).isZero();
    }
}
