// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import io.hostagent.core.json.JsonTree;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an engine or another agent said, in JSON; what it did not say is empty, 0 or false. */
record Document(@Nullable Object tree) {

    /**
     * Reads a text.
     *
     * @throws IllegalArgumentException when it is no JSON
     */
    static Document read(String json) {
        return new Document(JsonTree.read(json));
    }

    String text(String... path) {
        return Objects.requireNonNullElse(JsonTree.text(tree, path), "");
    }

    boolean flag(String... path) {
        return JsonTree.flag(tree, path);
    }

    long number(String... path) {
        return Objects.requireNonNullElse(JsonTree.number(tree, path), 0L);
    }

    Document at(String... path) {
        return new Document(JsonTree.at(tree, path));
    }

    List<Document> items(String... path) {
        return JsonTree.list(tree, path).stream().map(Document::new).toList();
    }

    /** What the members of an object are, without their names. */
    List<Document> values(String... path) {
        return JsonTree.map(tree, path).values().stream().map(Document::new).toList();
    }
}
