// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import io.hostagent.core.trust.Verdict.Refused;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record of every change and every refusal: one line each, of {@code key=value} pairs, on the
 * logger {@code audit}. What a caller sends cannot break out of its value.
 *
 * <p>Refusals can be had by any stranger, at any rate; {@link FloodGuard} bounds how many lines
 * they get.
 */
public final class AuditLog {

    private static final Logger audit = LoggerFactory.getLogger("audit");

    /**
     * A request, as far as it is recorded.
     *
     * @param remote where it came from; {@code null} when unknown
     * @param uri as the request line has it
     */
    public record Call(@Nullable SocketAddress remote, String method, String uri) {

        String host() {
            return AuditLog.host(remote);
        }
    }

    private final FloodGuard guard = new FloodGuard(AuditLog::suppressed);

    /**
     * Records a request that changed something, or tried to and failed by its status.
     *
     * @param subject the file that it was about; {@code null} when the target says all
     */
    public void changed(Call call, Caller caller, @Nullable String subject, int status) {
        audit.info("{}", line("changed", call, caller.id(), status, null).with("path", subject));
    }

    /** Records that somebody is about to read a file of the host's. */
    public void read(Call call, Caller caller, String subject) {
        audit.info("{}", line("read", call, caller.id(), null, null).with("path", subject));
    }

    /** Records that somebody was not let in. */
    public void refused(Call call, Refused refused) {
        if (guard.passes(call.host())) {
            audit.warn(
                    "{}",
                    line(
                            "refused",
                            call,
                            null,
                            refused.status(),
                            refused.message() + ": " + refused.details()));
        }
    }

    /**
     * Records that somebody who was let in may not do this.
     *
     * @param subject the file that it was about, if that is known
     */
    public void denied(
            Call call, Caller caller, @Nullable String subject, int status, String reason) {
        if (guard.passes(call.host())) {
            audit.warn(
                    "{}", line("denied", call, caller.id(), status, reason).with("path", subject));
        }
    }

    /**
     * Records that something was no request at all.
     *
     * @param reason in words of the agent's own
     */
    public void malformed(@Nullable SocketAddress remote, int status, String reason) {
        connection("denied", remote, Integer.toString(status), reason);
    }

    /** Records that somebody called as an agent does, and did not prove to be one. */
    public void unknownAgent(@Nullable SocketAddress remote) {
        connection("refused", remote, null, "TLS among agents failed: not the same AGENT_SECRET");
    }

    private void connection(
            String outcome,
            @Nullable SocketAddress remote,
            @Nullable String status,
            String reason) {
        String host = host(remote);
        if (guard.passes(host)) {
            audit.warn(
                    "{}",
                    new AuditLine()
                            .with("outcome", outcome)
                            .with("remote", host)
                            .with("status", status)
                            .with("reason", reason));
        }
    }

    private static void suppressed(String host, long count) {
        audit.warn(
                "{}",
                new AuditLine()
                        .with("outcome", "suppressed")
                        .with("remote", host)
                        .with("count", Long.toString(count)));
    }

    /** The address without its port, which changes with each connection. */
    private static String host(@Nullable SocketAddress remote) {
        if (remote instanceof InetSocketAddress address) {
            return address.getAddress() == null
                    ? address.getHostString()
                    : address.getAddress().getHostAddress();
        }
        return "-";
    }

    private static AuditLine line(
            String outcome,
            Call call,
            @Nullable String caller,
            @Nullable Integer status,
            @Nullable String reason) {
        return new AuditLine()
                .with("outcome", outcome)
                .with("caller", caller)
                .with("remote", call.host())
                .with("method", call.method())
                .with("target", AuditTarget.of(call.uri()))
                .with("status", status == null ? null : status.toString())
                .with("reason", reason);
    }
}
