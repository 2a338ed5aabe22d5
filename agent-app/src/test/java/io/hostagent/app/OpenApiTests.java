// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.json.JsonTree;
import io.hostagent.core.web.StreamRoute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/openapi.json} describes what the agent answers itself: all of it, and nothing else.
 */
class OpenApiTests {

    private static final Set<String> METHODS = Set.of("get", "head", "post", "put", "delete");
    private static final Pattern REFERENCE = Pattern.compile("#/components/(\\w+)/(\\w+)");

    private static final @Nullable Object DOCUMENT = read();

    private static @Nullable Object read() {
        try {
            return JsonTree.read(Files.readAllBytes(Path.of("..", "docs", "openapi.json")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void describesEveryCall() {
        Set<String> answered = new TreeSet<>();
        try (TestContext agent =
                TestContext.start("CAP_HOST_MANAGEMENT=1", "CAP_METRICS=1", "CAP_VOLUMES=1")) {
            answered.addAll(RoutePaths.calls(agent.context()));
            agent.context()
                    .getBeansOfType(StreamRoute.class)
                    .values()
                    .forEach(
                            route ->
                                    route.calls()
                                            .forEach(
                                                    call ->
                                                            answered.add(
                                                                    call.method()
                                                                            + " "
                                                                            + call.path())));
        }
        Set<String> described = new TreeSet<>();
        JsonTree.map(DOCUMENT, "paths")
                .forEach(
                        (path, item) ->
                                JsonTree.map(item)
                                        .keySet()
                                        .forEach(
                                                method -> {
                                                    assertThat(method).isIn(METHODS);
                                                    described.add(
                                                            method.toUpperCase(
                                                                            java.util.Locale.ROOT)
                                                                    + " "
                                                                    + path);
                                                }));
        assertThat(described).isEqualTo(withoutOldNames(answered));
    }

    /** The document names a call once: with {@code /v2}, where there is that. */
    private static Set<String> withoutOldNames(Set<String> calls) {
        return calls.stream()
                .filter(
                        call -> {
                            String newName = call.replaceFirst(" (/v1)?/", " /v2/");
                            return call.contains(" /v2/") || !calls.contains(newName);
                        })
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void isWhole() {
        Set<String> ids = new TreeSet<>();
        List<Object> operations = new ArrayList<>();
        JsonTree.map(DOCUMENT, "paths")
                .values()
                .forEach(item -> operations.addAll(JsonTree.map(item).values()));
        for (Object operation : operations) {
            assertThat(JsonTree.map(operation, "responses")).as("%s", operation).isNotEmpty();
            assertThat(ids.add(String.valueOf(JsonTree.text(operation, "operationId"))))
                    .as("%s", operation)
                    .isTrue();
        }
        assertThat(references(DOCUMENT)).isNotEmpty().allSatisfy(OpenApiTests::isThere);
    }

    private static void isThere(String reference) {
        var parts = REFERENCE.matcher(reference);
        assertThat(parts.matches()).as(reference).isTrue();
        assertThat(JsonTree.at(DOCUMENT, "components", parts.group(1), parts.group(2)))
                .as(reference)
                .isNotNull();
    }

    private static List<String> references(@Nullable Object tree) {
        List<String> found = new ArrayList<>();
        switch (tree) {
            case Map<?, ?> map -> {
                if (map.get("$ref") instanceof String reference) {
                    found.add(reference);
                }
                map.values().forEach(value -> found.addAll(references(value)));
            }
            case List<?> list -> list.forEach(value -> found.addAll(references(value)));
            case null, default -> {}
        }
        return found;
    }
}
