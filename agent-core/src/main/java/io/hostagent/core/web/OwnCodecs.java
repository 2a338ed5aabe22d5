// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ResolvableType;
import org.springframework.core.codec.ByteArrayEncoder;
import org.springframework.core.codec.Encoder;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.codec.EncoderHttpMessageWriter;
import org.springframework.http.codec.HttpMessageReader;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.codec.json.JacksonJsonEncoder;
import org.springframework.util.MimeType;
import reactor.core.publisher.Flux;

/**
 * How the agent's own routes write their answers: bytes as they are, all else as JSON. Spring's own
 * implementation would load all of Jackson to find out what it can do; here the first answer does
 * that needs it, which of the proxy's own answers is none.
 */
final class OwnCodecs implements ServerCodecConfigurer {

    private final List<HttpMessageWriter<?>> writers =
            List.of(
                    new EncoderHttpMessageWriter<>(new ByteArrayEncoder()),
                    new EncoderHttpMessageWriter<>(new Json()));

    @Override
    public List<HttpMessageReader<?>> getReaders() {
        return List.of();
    }

    @Override
    public List<HttpMessageWriter<?>> getWriters() {
        return writers;
    }

    @Override
    public ServerDefaultCodecs defaultCodecs() {
        throw new UnsupportedOperationException("there are none");
    }

    @Override
    public CustomCodecs customCodecs() {
        throw new UnsupportedOperationException("the list is fixed");
    }

    @Override
    public void registerDefaults(boolean registerDefaults) {
        throw new UnsupportedOperationException("there are none");
    }

    @Override
    public ServerCodecConfigurer clone() {
        // Nothing of it can change.
        return this;
    }

    private static final class Json implements Encoder<Object> {

        private static final List<MimeType> TYPES = List.of(MediaType.APPLICATION_JSON);

        @Override
        public boolean canEncode(ResolvableType type, @Nullable MimeType mime) {
            return mime == null || MediaType.APPLICATION_JSON.isCompatibleWith(mime);
        }

        @Override
        public Flux<DataBuffer> encode(
                Publisher<?> values,
                DataBufferFactory buffers,
                ResolvableType type,
                @Nullable MimeType mime,
                @Nullable Map<String, Object> hints) {
            return Jackson.ENCODER.encode(values, buffers, type, mime, hints);
        }

        @Override
        public DataBuffer encodeValue(
                Object value,
                DataBufferFactory buffers,
                ResolvableType type,
                @Nullable MimeType mime,
                @Nullable Map<String, Object> hints) {
            return Jackson.ENCODER.encodeValue(value, buffers, type, mime, hints);
        }

        @Override
        public List<MimeType> getEncodableMimeTypes() {
            return TYPES;
        }
    }

    private static final class Jackson {
        static final JacksonJsonEncoder ENCODER = new JacksonJsonEncoder();
    }
}
