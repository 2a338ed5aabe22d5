// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import io.hostagent.core.concurrent.Blocking;
import io.hostagent.core.settings.Secret;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * TLS among agents that share a secret: 1.3 alone, and either end shows a certificate of the {@link
 * ClusterAuthority}, so that a stranger can neither call nor listen. Whoever knows the secret is an
 * agent; which one it says it is, is for the logs.
 *
 * <p>Nothing is derived before somebody asks, and then once, on a virtual thread.
 */
public final class ClusterTls implements PeerTls {

    /** The name that an agent asks for (SNI) when it wants this TLS and not the one for clients. */
    public static final String SERVER_NAME = "agents.host-agent.internal";

    private static final Logger log = LoggerFactory.getLogger(ClusterTls.class);

    private static final String VERSION = "TLSv1.3";

    /** What a common name may be, and what an audit line shows without quotes. */
    private static final Pattern AGENT_NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private static final Pattern SUBJECT = Pattern.compile("CN=(" + AGENT_NAME.pattern() + ")");

    private static final String UNKNOWN = "unknown";

    /** Sessions to other agents, of which one has a few at most. */
    private static final int MOST_SESSIONS = 2_048;

    private final Secret secret;
    private final String name;
    private final Blocking threads;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final Sinks.One<Context> made = Sinks.one();
    private volatile @Nullable Context context;

    /**
     * Prepares nothing yet.
     *
     * @param name what other agents' logs call this one; what is no host name is not used
     */
    public ClusterTls(Secret secret, String name, Blocking threads) {
        this.secret = secret;
        this.name = AGENT_NAME.matcher(name).matches() ? name : UNKNOWN;
        this.threads = threads;
    }

    /** The TLS of an agent that is called as its host is. */
    public static ClusterTls ofThisHost(Secret secret, Blocking threads) {
        return new ClusterTls(secret, HostNames.own().orElse(""), threads);
    }

    @Override
    public boolean mutual() {
        return true;
    }

    @Override
    public Mono<Context> ready() {
        return Mono.defer(
                () -> {
                    if (begun.compareAndSet(false, true)) {
                        threads.run(this::derive);
                    }
                    return made.asMono();
                });
    }

    /** Whether a server's end belongs to this TLS: no other asks a client for its certificate. */
    public static boolean isFor(SSLEngine engine) {
        return engine.getNeedClientAuth();
    }

    /**
     * Who is at the other end of a connection whose handshake is done: its name, if it is an agent
     * that knows the secret, else nothing.
     *
     * @param engine this end, a server's, of whatever TLS
     */
    public Optional<String> agent(SSLEngine engine) {
        Context own = context;
        return own == null || !isFor(engine) ? Optional.empty() : own.agent(engine);
    }

    /** Whether the keys were ever asked for. */
    boolean begun() {
        return begun.get();
    }

    private void derive() {
        long start = System.nanoTime();
        try {
            ClusterAuthority authority = ClusterAuthority.of(secret);
            Context done = new Context(authority.certificate(), authority.issue(name));
            log.debug(
                    "Derived the keys of the cluster in {} ms",
                    (System.nanoTime() - start) / 1_000_000);
            context = done;
            made.tryEmitValue(done);
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            log.error(
                    "No keys can be derived from AGENT_SECRET: other agents cannot be reached", e);
            made.tryEmitError(new IllegalStateException("This JDK cannot derive keys", e));
        }
    }

    /** Both ends of such connections. */
    public static final class Context implements PeerTls.Client {

        private final X509Certificate authority;
        private final SslContext server;
        private final PeerClient client;

        private Context(X509Certificate authority, Identity own)
                throws GeneralSecurityException, IOException {
            this.authority = authority;
            SSLContext context = JdkContext.of(own, List.of(authority));
            context.getClientSessionContext().setSessionCacheSize(MOST_SESSIONS);
            client = new PeerClient(context, SERVER_NAME, List.of(VERSION));
            server =
                    ServerTls.netty(
                            context,
                            ClientAuth.REQUIRE,
                            List.of(ApplicationProtocolNames.HTTP_1_1),
                            VERSION);
        }

        @Override
        public Supplier<SSLEngine> to(String host, int port) {
            return client.to(host, port);
        }

        /** The listening end. */
        public SslContext server() {
            return server;
        }

        private Optional<String> agent(SSLEngine engine) {
            try {
                X509Certificate peer =
                        (X509Certificate) engine.getSession().getPeerCertificates()[0];
                // The handshake has verified it if it was one of this TLS, as it should be.
                peer.verify(authority.getPublicKey());
                Matcher subject = SUBJECT.matcher(peer.getSubjectX500Principal().getName());
                return Optional.of(subject.matches() ? subject.group(1) : UNKNOWN);
            } catch (GeneralSecurityException | SSLPeerUnverifiedException e) {
                return Optional.empty();
            }
        }
    }
}
