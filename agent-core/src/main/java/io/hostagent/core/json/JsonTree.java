// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.json;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.DefaultPrettyPrinter;

/**
 * JSON as plain values: an object is a map in the order of the text, an array a list; then there
 * are {@link String}, {@link Boolean} and {@code null}. A whole number is a {@link Long}, or a
 * {@link BigInteger} where that is too small; one with a fraction or an exponent is a {@link
 * BigDecimal}, so that no digit gets lost. Maps and lists that were read are the reader's to
 * change.
 *
 * <p>The look-ups ({@link #text} and its like) take a tree or a part of one, and the names on the
 * way down. They give nothing when there is nothing, or something of another kind, anywhere on that
 * way.
 *
 * <p>Nothing here blocks. It works on Jackson's streams: binding to classes would load 700 of them,
 * which takes a fifth of a second of the thread that needs the first one.
 */
public final class JsonTree {

    /** What may be within one another; a task of a Swarm has about ten levels. */
    static final int DEEPEST = 64;

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                    .streamWriteConstraints(
                            StreamWriteConstraints.builder().maxNestingDepth(DEEPEST).build())
                    // Half a surrogate pair, which JSON can have, is then written as it was read.
                    .disable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                    .build();

    private static final ObjectWriteContext INDENTED =
            new ObjectWriteContext.Base() {
                @Override
                public PrettyPrinter getPrettyPrinter() {
                    return new DefaultPrettyPrinter();
                }
            };

    private JsonTree() {}

    /**
     * Reads a whole text. Of members with the same name the last one counts.
     *
     * @param json in UTF-8
     * @throws JsonException when it is anything but one value of JSON, or nested too deep
     */
    public static @Nullable Object read(byte[] json) {
        return read(() -> JSON.createParser(ObjectReadContext.empty(), json));
    }

    /** Reads a whole text, as {@link #read(byte[])} does. */
    public static @Nullable Object read(String json) {
        return read(() -> JSON.createParser(ObjectReadContext.empty(), json));
    }

    private static @Nullable Object read(Supplier<JsonParser> source) {
        try (JsonParser parser = source.get()) {
            if (parser.nextToken() == null) {
                throw new JsonException("it is empty");
            }
            Object tree = value(parser);
            if (parser.nextToken() != null) {
                throw new JsonException("there is more behind its end");
            }
            return tree;
        } catch (StreamConstraintsException | NumberFormatException e) {
            throw new JsonException(
                    "it is nested too deep, or a text or number in it is too large");
        } catch (JacksonException e) {
            // Its message quotes the text, so it is no cause.
            throw new JsonException(
                    e.getLocation() == null
                            ? "its encoding is unknown"
                            : "it is wrong at line %d, column %d"
                                    .formatted(
                                            e.getLocation().getLineNr(),
                                            e.getLocation().getColumnNr()));
        }
    }

    private static @Nullable Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> wholeNumber(parser);
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IllegalStateException(String.valueOf(parser.currentToken()));
        };
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

    private static List<@Nullable Object> array(JsonParser parser) {
        List<@Nullable Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser));
        }
        return items;
    }

    private static Number wholeNumber(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT, LONG -> parser.getLongValue();
            default -> parser.getBigIntegerValue();
        };
    }

    /**
     * Writes a tree without any space, in UTF-8. Besides what is read, collections of any kind are
     * arrays, and every finite number is one.
     *
     * @throws IllegalArgumentException when it holds anything else, or is nested too deep
     */
    public static byte[] write(@Nullable Object tree) {
        return write(ObjectWriteContext.empty(), tree);
    }

    /** Writes a tree as {@link #write(Object)} does, for people to read: a member a line. */
    public static byte[] writeIndented(@Nullable Object tree) {
        return write(INDENTED, tree);
    }

    private static byte[] write(ObjectWriteContext style, @Nullable Object tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = JSON.createGenerator(style, out)) {
            write(generator, tree);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("This cannot be written as JSON", e);
        }
        return out.toByteArray();
    }

    private static void write(JsonGenerator out, @Nullable Object value) {
        switch (value) {
            case null -> out.writeNull();
            case Map<?, ?> map -> {
                out.writeStartObject();
                map.forEach((name, inner) -> member(out, name, inner));
                out.writeEndObject();
            }
            case Collection<?> items -> {
                out.writeStartArray();
                items.forEach(item -> write(out, item));
                out.writeEndArray();
            }
            case String text -> out.writeString(text);
            case Boolean flag -> out.writeBoolean(flag);
            case Byte number -> out.writeNumber(number);
            case Short number -> out.writeNumber(number);
            case Integer number -> out.writeNumber(number);
            case Long number -> out.writeNumber(number);
            case BigInteger number -> out.writeNumber(number);
            case BigDecimal number -> out.writeNumber(number);
            case Float number when Float.isFinite(number) -> out.writeNumber(number);
            case Double number when Double.isFinite(number) -> out.writeNumber(number);
            default -> throw unknown(value);
        }
    }

    private static void member(JsonGenerator out, @Nullable Object name, @Nullable Object value) {
        if (!(name instanceof String text)) {
            throw unknown(name);
        }
        out.writeName(text);
        write(out, value);
    }

    private static IllegalArgumentException unknown(@Nullable Object value) {
        return new IllegalArgumentException(
                "JSON has no such thing: "
                        + (value == null ? "a name of null" : value.getClass().getName()));
    }

    /** What is at a path; the tree itself at none. */
    public static @Nullable Object at(@Nullable Object tree, String... path) {
        Object found = tree;
        for (String name : path) {
            found = found instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return found;
    }

    /** The text at a path, if there is one. */
    public static @Nullable String text(@Nullable Object tree, String... path) {
        return at(tree, path) instanceof String text ? text : null;
    }

    /** The whole number at a path, if there is one and it fits. */
    public static @Nullable Long number(@Nullable Object tree, String... path) {
        return at(tree, path) instanceof Long number ? number : null;
    }

    /** Whether there is a {@code true} at a path. */
    public static boolean flag(@Nullable Object tree, String... path) {
        return at(tree, path) instanceof Boolean flag && flag;
    }

    /** The items of the array at a path; none when there is no array. */
    @SuppressWarnings("unchecked") // A list may be taken for one of anything.
    public static List<@Nullable Object> list(@Nullable Object tree, String... path) {
        return at(tree, path) instanceof List<?> list ? (List<@Nullable Object>) list : List.of();
    }

    /** The members of the object at a path; none when there is no object. */
    @SuppressWarnings("unchecked") // What is read has texts for names.
    public static Map<String, @Nullable Object> map(@Nullable Object tree, String... path) {
        return at(tree, path) instanceof Map<?, ?> map
                ? (Map<String, @Nullable Object>) map
                : Map.of();
    }

    /** The members of the object at a path that are texts, such as labels. */
    public static Map<String, String> texts(@Nullable Object tree, String... path) {
        Map<String, String> texts = new LinkedHashMap<>();
        map(tree, path)
                .forEach(
                        (name, value) -> {
                            if (value instanceof String text) {
                                texts.put(name, text);
                            }
                        });
        return texts;
    }
}
