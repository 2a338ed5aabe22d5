// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import io.hostagent.core.error.CallerException;
import io.netty.buffer.ByteBufAllocator;
import java.util.Map;
import org.springframework.core.ResolvableType;
import org.springframework.core.codec.DecodingException;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ReactiveHttpInputMessage;
import org.springframework.http.codec.multipart.PartEvent;
import org.springframework.http.codec.multipart.PartEventHttpMessageReader;
import reactor.core.publisher.Flux;
import reactor.netty.http.server.HttpServerRequest;

/** The parts of a {@code multipart/form-data} body, as they arrive; nothing of a file is held. */
final class Multipart {

    private static final ResolvableType EVENT = ResolvableType.forClass(PartEvent.class);

    private Multipart() {}

    /** Reads a request; errors with a {@link CallerException} when it is of another kind. */
    static Flux<PartEvent> of(HttpServerRequest request) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.CONTENT_TYPE, request.requestHeaders().get("Content-Type", ""));
        if (!isMultipart(headers)) {
            return Flux.error(invalid("It is not multipart/form-data"));
        }
        NettyDataBufferFactory buffers = new NettyDataBufferFactory(ByteBufAllocator.DEFAULT);
        Flux<DataBuffer> body = request.receive().map(buffer -> buffers.wrap(buffer.retain()));
        return new PartEventHttpMessageReader()
                .read(EVENT, new Body(headers, body), Map.of())
                .onErrorMap(
                        failure ->
                                failure instanceof DecodingException
                                        || failure instanceof DataBufferLimitException,
                        failure -> invalid(String.valueOf(failure.getMessage())));
    }

    private static boolean isMultipart(HttpHeaders headers) {
        try {
            MediaType type = headers.getContentType();
            return type != null
                    && type.isCompatibleWith(MediaType.MULTIPART_FORM_DATA)
                    && type.getParameter("boundary") != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static CallerException invalid(String details) {
        return CallerException.badRequest("Invalid request payload", details);
    }

    private record Body(HttpHeaders headers, Flux<DataBuffer> body)
            implements ReactiveHttpInputMessage {

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return body;
        }
    }
}
