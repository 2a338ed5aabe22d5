// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker.client;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import io.hostagent.core.settings.AgentSettings;

/**
 * Opens docker-java with the agent's settings and nothing else: its own reading of environment,
 * home folder and system properties is overridden where it could differ.
 */
final class DockerJavaClient {

    private DockerJavaClient() {}

    static DockerClient open(AgentSettings settings, DockerHttpClient transport) {
        DefaultDockerClientConfig.Builder config =
                DefaultDockerClientConfig.createDefaultConfigBuilder()
                        .withDockerTlsVerify(false)
                        // Where the engine really is, only the transport knows.
                        .withDockerHost("unix:///var/run/docker.sock");
        settings.engineApiVersion().ifPresent(config::withApiVersion);
        return DockerClientImpl.getInstance(config.build(), transport);
    }
}
