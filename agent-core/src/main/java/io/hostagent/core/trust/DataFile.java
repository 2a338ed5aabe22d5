// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** A small JSON file of the data folder; one that is damaged is an error and never an empty one. */
final class DataFile {

    /** Far above what the files hold; a larger one is not ours. */
    private static final int LARGEST = 1 << 20;

    private static final String NOT_OURS = "it is not the JSON that this agent writes";

    /** Streams only: binding to classes would bring 700 classes into every start. */
    private static final JsonFactory JSON = new JsonFactory();

    private static final ObjectWriteContext READABLE =
            new ObjectWriteContext.Base() {
                @Override
                public PrettyPrinter getPrettyPrinter() {
                    return new DefaultPrettyPrinter();
                }
            };

    private DataFile() {}

    /** Writes maps, lists, texts, whole numbers and {@code null}; an instant as its text. */
    static byte[] json(Map<String, ?> document) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = JSON.createGenerator(READABLE, out)) {
            write(generator, document);
        }
        return out.toByteArray();
    }

    private static void write(JsonGenerator out, @Nullable Object value) {
        switch (value) {
            case null -> out.writeNull();
            case Map<?, ?> map -> {
                out.writeStartObject();
                map.forEach(
                        (name, inner) -> {
                            out.writeName(String.valueOf(name));
                            write(out, inner);
                        });
                out.writeEndObject();
            }
            case List<?> list -> {
                out.writeStartArray();
                list.forEach(inner -> write(out, inner));
                out.writeEndArray();
            }
            case Integer number -> out.writeNumber(number);
            default -> out.writeString(value.toString());
        }
    }

    /** Whether there is anything of that name, be it readable or not. */
    static boolean exists(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Reads a document; empty when there is no such file. */
    static Optional<Map<String, @Nullable Object>> read(Path file) throws IOException {
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(LARGEST + 1);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e, e);
        }
        if (content.length > LARGEST) {
            throw damaged(file, "it is larger than 1 MiB");
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), content)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                Map<String, @Nullable Object> document = object(parser);
                if (parser.nextToken() == null) {
                    return Optional.of(document);
                }
            }
        } catch (JacksonException e) {
            throw damaged(file, NOT_OURS);
        }
        throw damaged(file, NOT_OURS);
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, value(parser));
        }
        return members;
    }

    private static @Nullable Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                List<@Nullable Object> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(parser));
                }
                yield items;
            }
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT -> parser.getIntValue();
            default -> parser.getString();
        };
    }

    /**
     * A text of a document; {@code null} when it has none of that name.
     *
     * @throws IllegalArgumentException when it is something else
     */
    static @Nullable String text(Map<?, ?> document, String name) {
        return switch (document.get(name)) {
            case null -> null;
            case String text -> text;
            default -> throw new IllegalArgumentException(name + " is not a text");
        };
    }

    /**
     * A time of a document; {@code null} when it has none of that name.
     *
     * @throws IllegalArgumentException when it is something else
     */
    static @Nullable Instant time(Map<?, ?> document, String name) {
        String text = text(document, name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(name + " is not a time", e);
        }
    }

    /** The error of a file that can be opened but not understood. */
    static IOException damaged(Path file, String why) {
        return new IOException(
                file
                        + " is damaged: "
                        + why
                        + "; put a good copy back, or begin anew (trust: agent trust reset; tokens:"
                        + " remove the file)");
    }
}
