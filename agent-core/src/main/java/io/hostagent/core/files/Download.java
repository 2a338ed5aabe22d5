// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.files.Conditions.Part;
import io.hostagent.core.jail.FileStatus;
import io.hostagent.core.jail.Handle;
import io.hostagent.core.jail.Jail;
import io.hostagent.core.jail.JailPath;
import io.hostagent.core.relay.BodySource;
import io.hostagent.core.relay.Relay;
import io.hostagent.core.relay.SourceAnswer;
import io.hostagent.core.web.ConnectionLoop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The answer to a request for a file.
 *
 * @param source its body; {@code null} when there is none
 */
public record Download(HttpResponse head, @Nullable BodySource source) {

    private static final String UNABLE = "Unable to open file";

    /** Queues of the kernel in the shape of files: proc_kmsg(5), and those of its tracer. */
    private static final Set<String> TAKEN = Set.of("kmsg", "trace_pipe", "trace_pipe_raw");

    /** Finds and opens a file; errors as {@link Jail#find} does. */
    static Download of(FileTree tree, JailPath path, HttpHeaders request, boolean body)
            throws IOException {
        try (Jail jail = tree.open();
                Handle file = jail.find(path)) {
            FileStatus status = file.status();
            switch (status.type()) {
                case DIRECTORY ->
                        throw CallerException.badRequest(
                                UNABLE, "It is a directory: 'ls' lists it, 'archive' packs it");
                case LINK, SPECIAL ->
                        throw CallerException.forbidden(
                                UNABLE, "It is a device, a pipe or a socket");
                case FILE -> {
                    if (status.size() == 0 && !path.isRoot() && TAKEN.contains(path.name())) {
                        throw CallerException.forbidden(
                                UNABLE, "Whoever reads it takes messages that others wait for");
                    }
                }
            }
            HttpHeaders headers = headers(path, status);
            return switch (Conditions.of(request, status)) {
                case Part.Unchanged _ -> new Download(head(304, headers), null);
                case Part.Beyond _ -> {
                    headers.set(HttpHeaderNames.CONTENT_RANGE, "bytes */" + status.size());
                    headers.set(HttpHeaderNames.CONTENT_LENGTH, 0);
                    yield new Download(head(416, headers), null);
                }
                case Part.Bytes(long first, long last) -> {
                    headers.set(
                            HttpHeaderNames.CONTENT_RANGE,
                            "bytes " + first + "-" + last + "/" + status.size());
                    headers.set(HttpHeaderNames.CONTENT_LENGTH, last - first + 1);
                    yield new Download(
                            head(206, headers),
                            body ? new FileContent(file, first, last - first + 1) : null);
                }
                case Part.Whole _ -> whole(file, status, headers, body);
            };
        }
    }

    private static Download whole(Handle file, FileStatus status, HttpHeaders headers, boolean body)
            throws IOException {
        if (status.size() > BodySource.PIECE || !body) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, status.size());
            return new Download(
                    head(200, headers), body ? new FileContent(file, 0, status.size()) : null);
        }
        // The files of procfs have no size before they are read, and those of sysfs a wrong one.
        FileContent content =
                status.size() == 0
                        ? new FileContent(file, 0, FileContent.TO_THE_END)
                        : FileContent.upTo(file, status.size());
        @Nullable ByteBuf first;
        try {
            first = content.next();
        } catch (IOException e) {
            content.close();
            throw e;
        }
        if (first == null) {
            content.close();
            headers.set(HttpHeaderNames.CONTENT_LENGTH, 0);
            return new Download(head(200, headers), null);
        }
        if (status.size() > 0) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, first.readableBytes());
        }
        return new Download(head(200, headers), new Begun(first, content));
    }

    private static HttpHeaders headers(JailPath path, FileStatus status) {
        String name = path.isRoot() ? "" : path.name();
        return new DefaultHttpHeaders()
                .set(
                        HttpHeaderNames.CONTENT_TYPE,
                        MediaTypeFactory.getMediaType(name)
                                .orElse(MediaType.APPLICATION_OCTET_STREAM)
                                .toString())
                // A page out of a volume must not run as one of whoever shows it.
                .set("X-Content-Type-Options", "nosniff")
                .set(
                        HttpHeaderNames.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(name, UTF_8).build().toString())
                .set(HttpHeaderNames.LAST_MODIFIED, Conditions.lastModified(status))
                .set(HttpHeaderNames.ETAG, Conditions.tag(status))
                .set(HttpHeaderNames.ACCEPT_RANGES, "bytes");
    }

    /** The head of one. */
    public static HttpResponse head(int status, HttpHeaders headers) {
        return new DefaultHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), headers);
    }

    /** Closes what nobody waits for any more. */
    public void discard() {
        if (source != null) {
            SourceAnswer.discard(source);
        }
    }

    /**
     * Sends it.
     *
     * @param disk where the body is read
     * @return ends when it is sent, and the body is closed then or a moment later
     */
    public Mono<Void> answer(
            HttpServerRequest request, HttpServerResponse response, DiskThreads disk) {
        EventLoop loop = Relay.channel(response).eventLoop();
        return source != null
                ? new SourceAnswer(head, source, disk).answer(request, response)
                : ConnectionLoop.write(loop, () -> sendHead(response));
    }

    private Mono<Void> sendHead(HttpServerResponse response) {
        response.status(head.status());
        head.headers().forEach(h -> response.responseHeaders().set(h.getKey(), h.getValue()));
        return response.send();
    }

    /** Content of which the first piece has been read. */
    private static final class Begun implements BodySource {

        private @Nullable ByteBuf first;
        private final BodySource rest;

        Begun(ByteBuf first, BodySource rest) {
            this.first = first;
            this.rest = rest;
        }

        @Override
        public @Nullable ByteBuf next() throws IOException {
            ByteBuf piece = first;
            first = null;
            return piece == null ? rest.next() : piece;
        }

        @Override
        public void close() throws IOException {
            if (first != null) {
                first.release();
                first = null;
            }
            rest.close();
        }
    }
}
