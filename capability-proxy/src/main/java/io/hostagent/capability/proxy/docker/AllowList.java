// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.docker;

import io.hostagent.core.settings.SettingsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The Docker API calls that may pass, when the operator names them in {@code PROXY_ALLOW}.
 *
 * <p>A rule is a method, or several joined by commas, or {@code *}, then a space, then a path
 * pattern without an API version: {@code *} stands for one path segment, {@code **} for any number
 * of them. Rules are joined by {@code ;} or a newline. {@code GET} covers {@code HEAD}. Patterns
 * are held against the decoded path, as the engine's router sees it.
 */
public final class AllowList {

    private record Rule(Set<String> methods, Pattern path) {

        boolean covers(String method, String requestPath) {
            return (methods.contains("*")
                            || methods.contains(method)
                            || (method.equals("HEAD") && methods.contains("GET")))
                    && path.matcher(requestPath).matches();
        }
    }

    private final List<Rule> rules;

    private AllowList(List<Rule> rules) {
        this.rules = rules;
    }

    /** Lets everything pass. */
    public static AllowList everything() {
        return new AllowList(List.of());
    }

    /**
     * Reads {@code PROXY_ALLOW}.
     *
     * @throws SettingsException naming the rule that cannot be read
     */
    public static AllowList parse(String text) {
        List<Rule> rules = new ArrayList<>();
        for (String line : text.split("[;\n]", -1)) {
            String rule = line.strip();
            if (!rule.isEmpty()) {
                rules.add(rule(rule));
            }
        }
        if (rules.isEmpty()) {
            throw new SettingsException("PROXY_ALLOW is set but holds no rule");
        }
        return new AllowList(List.copyOf(rules));
    }

    private static Rule rule(String text) {
        String[] parts = text.split("\\s+", -1);
        if (parts.length != 2
                || !parts[0].matches("\\*|[A-Za-z]+(,[A-Za-z]+)*")
                || !parts[1].startsWith("/")) {
            throw new SettingsException(
                    "PROXY_ALLOW: '"
                            + text
                            + "' is no rule such as 'GET /containers/json' or 'GET,POST"
                            + " /containers/*/logs'");
        }
        Set<String> methods =
                Arrays.stream(parts[0].toUpperCase(Locale.ROOT).split(",", -1))
                        .collect(Collectors.toUnmodifiableSet());
        return new Rule(methods, pattern(parts[1]));
    }

    private static Pattern pattern(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            if (glob.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (glob.charAt(i) == '*') {
                regex.append("[^/]+");
            } else {
                regex.append(Pattern.quote(String.valueOf(glob.charAt(i))));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    /** Whether a call may pass; {@code path} is decoded and without an API version. */
    public boolean allows(String method, String path) {
        return rules.isEmpty() || rules.stream().anyMatch(rule -> rule.covers(method, path));
    }
}
