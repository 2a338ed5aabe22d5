// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.autoconfigure;

import io.hostagent.core.capability.CapabilityDescriptor;
import io.hostagent.core.capability.CapabilityRegistry;
import io.hostagent.core.concurrent.Blocking;
import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.host.HostRoot;
import io.hostagent.core.settings.AgentSettings;
import io.hostagent.core.settings.SettingsReader;
import io.hostagent.core.settings.Variables;
import io.hostagent.core.tls.ClusterTls;
import io.hostagent.core.tls.PeerTls;
import io.hostagent.core.tls.ServerTls;
import io.hostagent.core.tls.UnverifiedTls;
import io.hostagent.core.trust.AuditLog;
import io.hostagent.core.trust.Authenticator;
import io.netty.handler.ssl.SslContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * What every capability shares: settings, trust, TLS, event loops and the way to blocking calls.
 */
@AutoConfiguration
public final class CoreAutoConfiguration {

    /** Calls of the agent's own to the engine and the file system that may run at once. */
    private static final int BLOCKING_CALLS = 64;

    /** Steps on files that may run at once; each is short unless a file system hangs. */
    private static final int DISK_CALLS = 16;

    @Bean
    AgentSettings agentSettings(Environment environment) {
        return new SettingsReader(new Variables(environment)).read();
    }

    @Bean
    CapabilityRegistry capabilityRegistry(
            ObjectProvider<CapabilityDescriptor> capabilities, Environment environment) {
        return new CapabilityRegistry(
                capabilities.orderedStream().toList(), new Variables(environment));
    }

    @Bean
    Authenticator authenticator(AgentSettings settings) {
        return Authenticator.open(settings.trust(), settings.dataPath());
    }

    @Bean
    AuditLog auditLog() {
        return new AuditLog();
    }

    @Bean
    SslContext serverTls(AgentSettings settings) {
        return ServerTls.context(settings.dataPath(), settings.tls());
    }

    @Bean
    PeerTls peerTls(AgentSettings settings, Blocking blocking) {
        return settings.trust()
                .secret()
                .<PeerTls>map(secret -> ClusterTls.ofThisHost(secret, blocking))
                .orElseGet(UnverifiedTls::new);
    }

    @Bean
    Blocking blocking() {
        return new Blocking(BLOCKING_CALLS);
    }

    @Bean
    DiskThreads diskThreads() {
        return new DiskThreads(DISK_CALLS);
    }

    @Bean
    HostRoot hostRoot() {
        return new HostRoot();
    }

    @Bean
    ReactorResourceFactory eventLoops() {
        return new EventLoops();
    }
}
