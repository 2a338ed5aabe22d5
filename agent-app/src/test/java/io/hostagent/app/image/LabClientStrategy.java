// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.image;

import static java.util.Objects.requireNonNull;

import io.hostagent.lab.DockerHost;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.dockerclient.TransportConfig;

/**
 * Sends Testcontainers to an engine of the lab. Testcontainers finds it by {@code
 * META-INF/services} and keeps its first engine for the life of the process.
 */
public final class LabClientStrategy extends DockerClientProviderStrategy {

    private static volatile @Nullable DockerHost chosen;

    /** The engine to use, to be chosen before the first container is made. */
    static void use(DockerHost host) {
        chosen = host;
    }

    private static DockerHost host() {
        return requireNonNull(chosen);
    }

    @Override
    protected boolean isApplicable() {
        return chosen != null;
    }

    /** Nothing of it belongs into the developer's {@code ~/.testcontainers.properties}. */
    @Override
    protected boolean isPersistable() {
        return false;
    }

    @Override
    protected int getPriority() {
        return Integer.MAX_VALUE;
    }

    @Override
    public String getDescription() {
        return "host " + host().name() + " of the lab";
    }

    @Override
    public TransportConfig getTransportConfig() {
        return TransportConfig.builder().dockerHost(URI.create(host().endpoint())).build();
    }

    /** Where ports of containers are published: on the host, not on this machine. */
    @Override
    public synchronized String getDockerHostIpAddress() {
        return host().address();
    }
}
