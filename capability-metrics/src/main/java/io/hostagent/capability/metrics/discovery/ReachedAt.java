// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import io.hostagent.core.cluster.Member;
import io.hostagent.core.web.Exchange;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.regex.Pattern;

/** Where Prometheus reaches an agent. */
final class ReachedAt {

    /** The address of an agent that nobody else has to reach. */
    static final String NOWHERE = "127.0.0.1";

    private static final Pattern NAME =
            Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");

    private ReachedAt() {}

    /**
     * Where the other agents reach it; this one, when it knows no such address, where Prometheus
     * has just reached it.
     */
    static String of(Exchange exchange, Member member) {
        boolean unknown = member.self() && member.address().host().equals(NOWHERE);
        return unknown ? asAsked(exchange, member.identity().port()) : member.address().toString();
    }

    /** The address in the request itself. */
    static String asAsked(Exchange exchange, int port) {
        String host = exchange.request().requestHeaders().get(HttpHeaderNames.HOST, "");
        if (!NAME.matcher(host).matches()) {
            return NOWHERE + ":" + port;
        }
        return host.matches(".*:[0-9]{1,5}") ? host : host + ":443";
    }
}
