// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker.client;

import com.github.dockerjava.transport.DockerHttpClient;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamCall;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Lets docker-java use the connections that the proxy uses, so that there is one way to the engine
 * with one set of settings. Its own transports bring an HTTP client of 400 classes and a native
 * library into every agent. See {@code docs/adr/0006-docker-java.md}.
 */
final class SharedTransport implements DockerHttpClient {

    private final Upstream engine;
    private final Supplier<EventLoop> loops;

    SharedTransport(Upstream engine, Supplier<EventLoop> loops) {
        this.engine = engine;
        this.loops = loops;
    }

    @Override
    public Response execute(Request request) {
        if (request.hijackedInput() != null) {
            throw new IllegalArgumentException("The agent's own calls are never hijacked");
        }
        try {
            HttpHeaders headers = new DefaultHttpHeaders();
            headers.set(HttpHeaderNames.HOST, "docker");
            request.headers().forEach(headers::set);
            return new Answer(
                    UpstreamCall.send(
                            engine,
                            loops.get(),
                            HttpMethod.valueOf(request.method()),
                            request.path(),
                            headers,
                            body(request)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] body(Request request) throws IOException {
        byte[] bytes = request.bodyBytes();
        if (bytes != null) {
            return bytes;
        }
        try (InputStream stream = request.body()) {
            return stream == null ? new byte[0] : stream.readAllBytes();
        }
    }

    @Override
    public void close() {
        // The connections are shared; they close by themselves when nobody uses them.
    }

    private record Answer(UpstreamCall call) implements Response {

        @Override
        public int getStatusCode() {
            return call.status();
        }

        @Override
        public Map<String, List<String>> getHeaders() {
            Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            call.headers().names().forEach(name -> headers.put(name, call.headers().getAll(name)));
            return headers;
        }

        @Override
        public InputStream getBody() {
            return call.body();
        }

        @Override
        public void close() {
            call.close();
        }
    }
}
