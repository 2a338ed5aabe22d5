// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.settings;

import org.jspecify.annotations.Nullable;

/**
 * Every environment variable that the core and the proxy read, capability flags apart. {@code
 * docs/configuration.md} is compared with this list, and those of other capabilities, in a test.
 */
public enum Setting implements EnvironmentVariable {
    AGENT_HOST("0.0.0.0", "IP address", "Address the agent listens on."),
    AGENT_PORT("9001", "1–65535", "Port the agent listens on."),
    AGENT_MAX_CONNECTIONS(
            "4096", "number from 1", "Clients' connections at once; more are closed at once."),
    AGENT_SECRET(
            null,
            "text",
            "Shared secret. Only signatures over this secret are accepted, from any key.",
            true),
    AGENT_SECRET_TIMEOUT(
            "72h",
            "duration",
            "Without a secret and with no client bound by then, the agent stops listening."),
    AGENT_PUBLIC_KEY(
            null, "hex", "Pins the one client key that is trusted, instead of trust on first use."),
    AGENT_METRICS_TOKEN(
            null,
            "text of 16 characters or more",
            "A bearer token that may read metrics, the same on all agents.",
            true),
    AGENT_TLS_CERT(
            null,
            "path",
            "PEM certificate chain to serve instead of the self-signed one; read again when it"
                    + " changes."),
    AGENT_TLS_KEY(null, "path", "PEM private key (PKCS#8) that belongs to `AGENT_TLS_CERT`."),
    AGENT_READ_ONLY("0", "flag", "Refuses every request that could change something on the host."),
    AGENT_PORTAINER_VERSION(
            "2.23.0",
            "text",
            "Version told to a Portainer server in the `Portainer-Agent` header."),
    AGENT_CLUSTER_ADDR(
            null,
            "host names or IPs, with or without a port",
            "Where the other agents are found, instead of the Swarm's tasks of the own service."),
    AGENT_CLUSTER_PROBE_TIMEOUT(
            "500ms", "duration", "Accepted for compatibility; there is no gossip to tune."),
    AGENT_CLUSTER_PROBE_INTERVAL(
            "1s", "duration", "Accepted for compatibility; there is no gossip to tune."),
    ASSETS_PATH("/app", "path", "Accepted for compatibility; the agent needs no other binaries."),
    DATA_PATH(
            "/data", "path", "Folder of what must survive a restart: trust, tokens, certificate."),
    LOG_LEVEL("INFO", "ERROR, WARN, INFO, DEBUG", "How much is logged."),
    LOG_MODE(
            "AUTO",
            "AUTO, PRETTY, NOCOLOR, JSON",
            "How it is logged, on standard error: `AUTO` is `PRETTY` on a terminal, else `NOCOLOR`."),
    PODMAN("0", "flag", "The engine is Podman: never a cluster."),
    DOCKER_HOST(
            "unix:///var/run/docker.sock", "unix:// or tcp:// URL", "Where the engine's API is."),
    DOCKER_API_VERSION(
            null,
            "version such as 1.41",
            "API version of the agent's own calls; negotiated when empty."),
    DOCKER_TLS_VERIFY(null, "any text", "When not empty, a `tcp://` engine is reached over TLS."),
    DOCKER_CERT_PATH(
            null, "path", "Folder with `ca.pem`, `cert.pem` and `key.pem` for a TLS engine."),
    PROXY_ALLOW(
            null,
            "rules",
            "The only Docker API calls that pass, as `METHOD[,METHOD] PATTERN` joined by `;`."
                    + " Empty: all."),
    PROXY_AUTO_ROUTE(
            "1",
            "flag",
            "In a cluster, a request finds the node of the container, image, volume or network that"
                    + " it names.");

    @SuppressWarnings("ImmutableEnumChecker") // a record of texts
    private final Description description;

    Setting(@Nullable String defaultValue, String takes, String meaning) {
        this(defaultValue, takes, meaning, false);
    }

    Setting(@Nullable String defaultValue, String takes, String meaning, boolean secret) {
        description = new Description(defaultValue, takes, meaning, secret);
    }

    @Override
    public Description description() {
        return description;
    }
}
