// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker.client;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.LocalDirectorySSLConfig;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import io.hostagent.core.settings.AgentSettings;
import io.hostagent.core.settings.EngineAddress;
import java.net.URI;
import java.time.Duration;

/**
 * Opens docker-java with the agent's settings and nothing else: its own reading of environment,
 * home folder and system properties is overridden where it could differ.
 */
final class DockerJavaClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** Short calls and one event stream; the passed-through traffic has its own connections. */
    private static final int CONNECTIONS = 16;

    private DockerJavaClient() {}

    static DockerClient open(AgentSettings settings) {
        ApacheDockerHttpClient.Builder transport =
                new ApacheDockerHttpClient.Builder()
                        .connectionTimeout(CONNECT_TIMEOUT)
                        .maxConnections(CONNECTIONS);
        DefaultDockerClientConfig.Builder config =
                DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerTlsVerify(false);
        settings.engineApiVersion().ifPresent(config::withApiVersion);
        switch (settings.engine()) {
            case EngineAddress.UnixSocket socket -> {
                config.withDockerHost("unix://" + socket.path());
                transport.dockerHost(URI.create("unix://" + socket.path()));
            }
            case EngineAddress.Tcp tcp -> {
                String host = "tcp://" + tcp.host() + ":" + tcp.port();
                config.withDockerHost(host);
                transport.dockerHost(URI.create(host));
                if (tcp.certificates() != null) {
                    transport.sslConfig(new LocalDirectorySSLConfig(tcp.certificates().toString()));
                }
            }
        }
        return DockerClientImpl.getInstance(config.build(), transport.build());
    }
}
