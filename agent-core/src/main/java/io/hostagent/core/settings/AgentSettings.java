// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.settings;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The agent's settings, read and checked.
 *
 * @param host address to listen on
 * @param port port to listen on
 * @param maxConnections how many clients' connections there may be at once
 * @param trust who may call
 * @param tls certificate of the operator's own, if any
 * @param readOnly whether every changing request is refused
 * @param portainerVersion version shown to a Portainer server
 * @param clusterAddress where the other agents are, when the operator says so
 * @param dataPath folder of what survives a restart
 * @param log how to log
 * @param engine where the engine is
 * @param engineApiVersion API version of the agent's own calls; empty: negotiated
 * @param podman whether the engine is Podman
 */
public record AgentSettings(
        InetAddress host,
        int port,
        int maxConnections,
        Trust trust,
        Optional<TlsFiles> tls,
        boolean readOnly,
        String portainerVersion,
        Optional<String> clusterAddress,
        Path dataPath,
        Log log,
        EngineAddress engine,
        Optional<String> engineApiVersion,
        boolean podman) {

    /**
     * Who may call.
     *
     * @param secret shared secret of servers and agents
     * @param secretTimeout how long an agent without a secret waits for its first client
     * @param publicKey the one key that is trusted, hexadecimal
     * @param metricsToken a bearer token that may read metrics
     */
    public record Trust(
            Optional<Secret> secret,
            Duration secretTimeout,
            Optional<String> publicKey,
            Optional<Secret> metricsToken) {}

    /** The operator's own certificate chain and private key, both PEM. */
    public record TlsFiles(Path certificate, Path key) {}

    /** How to log. */
    public record Log(Level level, Mode mode) {

        /** {@code LOG_LEVEL}. */
        public enum Level {
            ERROR,
            WARN,
            INFO,
            DEBUG
        }

        /** {@code LOG_MODE}. */
        public enum Mode {
            AUTO,
            PRETTY,
            NOCOLOR,
            JSON
        }
    }
}
