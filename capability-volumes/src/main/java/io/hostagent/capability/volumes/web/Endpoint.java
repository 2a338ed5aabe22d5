// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.core.web.ApiCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * One call: when it is meant, and what answers it.
 *
 * @param path such as {@code /v2/volumes/{name}}
 * @param parameters of its query that it knows
 */
record Endpoint(String method, String path, List<String> parameters, Answerer answerer) {

    /** Answers a call itself, on the event loop of its connection. */
    @FunctionalInterface
    interface Answerer {

        /** Ends when the answer is written; fails as {@link VolumeApi#answer} does. */
        Mono<Void> answer(Call call);
    }

    /** Finds out what to answer, on any thread. */
    @FunctionalInterface
    interface Replier {

        /** The answer; fails as {@link VolumeApi#answer} does. */
        Mono<Reply> reply(Call call);
    }

    /** A call that is answered with JSON, or with nothing. */
    static Endpoint of(String method, String path, Replier replier, String... parameters) {
        return new Endpoint(
                method, path, List.of(parameters), call -> replier.reply(call).flatMap(call::send));
    }

    /** A call whose answer is a stream. */
    static Endpoint stream(String method, String path, Answerer answerer, String... parameters) {
        return new Endpoint(method, path, List.of(parameters), answerer);
    }

    /** The parts of a path that stand for something, by their names; empty for another path. */
    Optional<Map<String, String>> match(String asked) {
        String[] own = path.split("/", -1);
        String[] other = asked.split("/", -1);
        if (own.length != other.length) {
            return Optional.empty();
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < own.length; i++) {
            if (own[i].startsWith("{") && !other[i].isEmpty()) {
                variables.put(own[i].substring(1, own[i].length() - 1), other[i]);
            } else if (!own[i].equals(other[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }

    ApiCall call() {
        return new ApiCall(method, path);
    }
}
