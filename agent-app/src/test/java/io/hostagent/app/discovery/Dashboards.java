// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.discovery;

import io.hostagent.app.fixture.Project;
import io.hostagent.core.json.JsonTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The dashboards of {@code compose/metrics}, and what they ask Prometheus. */
final class Dashboards {

    /** A metric: followed by its labels or a range, or by nothing that makes it something else. */
    private static final Pattern NAME =
            Pattern.compile("(?<![\"$\\w])([a-zA-Z_:][\\w:]*)(?=[{\\[]|\\s*(?:[)/*+<>=-]|$))");

    private static final Pattern TEXT = Pattern.compile("\"[^\"]*\"");
    private static final Pattern LABELS = Pattern.compile("\\{[^}]*}");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right) *\\([^)]*\\)");
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*), \\w+\\)");
    private static final Set<String> WORDS = Set.of("or", "and", "unless", "bool");

    private Dashboards() {}

    /** The parsed files by their names. */
    static Map<String, @Nullable Object> all() {
        Map<String, @Nullable Object> all = new TreeMap<>();
        Path folder = Project.root().resolve("compose/metrics/grafana/dashboards");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                all.put(file.getFileName().toString(), JsonTree.read(Files.readAllBytes(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /** All expressions of a dashboard, its variables filled in as Grafana does. */
    static List<String> expressions(@Nullable Object dashboard) {
        List<String> expressions = new ArrayList<>();
        for (@Nullable Object panel : JsonTree.list(dashboard, "panels")) {
            for (@Nullable Object target : JsonTree.list(panel, "targets")) {
                expressions.add(filledIn(String.valueOf(JsonTree.text(target, "expr"))));
            }
        }
        for (@Nullable Object variable : JsonTree.list(dashboard, "templating", "list")) {
            Matcher query =
                    LABEL_VALUES.matcher(String.valueOf(JsonTree.text(variable, "definition")));
            if (query.matches()) {
                expressions.add(filledIn(query.group(1)));
            }
        }
        return expressions;
    }

    private static String filledIn(String expression) {
        return expression
                .replace("$__rate_interval", "1m")
                .replace("$instance", ".*")
                .replace("$container", ".*");
    }

    /** The metrics that an expression is made of. */
    static Set<String> metrics(String expression) {
        String bare = TEXT.matcher(expression).replaceAll("");
        bare = LABELS.matcher(bare).replaceAll("{}");
        bare = GROUPING.matcher(bare).replaceAll(" ");
        Set<String> names = new TreeSet<>();
        Matcher name = NAME.matcher(bare);
        while (name.find()) {
            if (!WORDS.contains(name.group(1)) && !isDuration(name.group(1))) {
                names.add(name.group(1));
            }
        }
        return names;
    }

    private static boolean isDuration(String word) {
        return word.matches("[smhd]");
    }
}
