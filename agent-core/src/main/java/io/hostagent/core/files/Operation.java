// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import io.hostagent.core.web.ApiCall;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What can be done with files, each a path of its own. */
@SuppressWarnings("ImmutableEnumChecker") // What List.of makes never changes.
enum Operation {
    LS(HttpMethod.GET),
    GET(HttpMethod.GET, HttpMethod.HEAD),
    SPACE(HttpMethod.GET),
    ARCHIVE(HttpMethod.GET, HttpMethod.PUT),
    PUT(HttpMethod.POST),
    MKDIR(HttpMethod.POST),
    RENAME(HttpMethod.PUT),
    DELETE(HttpMethod.DELETE);

    private static final List<String> PREFIXES = List.of("/v2/browse/", "/browse/");

    private final List<HttpMethod> methods;

    Operation(HttpMethod... methods) {
        this.methods = List.of(methods);
    }

    /** Whether a path is of this kind at all. */
    static boolean covers(String path) {
        return PREFIXES.stream()
                .anyMatch(prefix -> path.startsWith(prefix) || path.concat("/").equals(prefix));
    }

    /** All calls there are. */
    static List<ApiCall> calls() {
        return Stream.of(values()).flatMap(Operation::ownCalls).toList();
    }

    private Stream<ApiCall> ownCalls() {
        String name = name().toLowerCase(Locale.ROOT);
        return PREFIXES.stream()
                .flatMap(
                        prefix ->
                                methods.stream()
                                        .map(method -> new ApiCall(method.name(), prefix + name)));
    }

    /** The operation of a path. */
    static Optional<Operation> of(String path) {
        for (Operation operation : values()) {
            String name = operation.name().toLowerCase(Locale.ROOT);
            if (PREFIXES.stream().anyMatch(prefix -> path.equals(prefix + name))) {
                return Optional.of(operation);
            }
        }
        return Optional.empty();
    }

    /** The methods that it is asked with. */
    List<HttpMethod> methods() {
        return methods;
    }
}
