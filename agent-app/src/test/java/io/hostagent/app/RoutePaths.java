// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.springframework.context.ApplicationContext;
import org.springframework.core.io.Resource;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/** The paths of every router function of a context, their variables filled in. */
final class RoutePaths {

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE");

    private RoutePaths() {}

    static Set<String> of(ApplicationContext context) {
        Set<String> paths = new TreeSet<>();
        context.getBeansOfType(RouterFunction.class)
                .values()
                .forEach(routes -> routes.accept(new Paths(paths)));
        return paths;
    }

    /**
     * What they answer, each as {@code METHOD PATH}; what they refuse for its method is left out.
     */
    static Set<String> calls(ApplicationContext context) {
        Set<String> calls = new TreeSet<>();
        context.getBeansOfType(RouterFunction.class)
                .values()
                .forEach(routes -> routes.accept(new Calls(calls)));
        return calls;
    }

    private record Calls(Set<String> calls) implements NoAttributes {
        @Override
        public void route(RequestPredicate predicate, HandlerFunction<?> handler) {
            Set<String> paths = new TreeSet<>();
            add(paths, predicate);
            for (String word : predicate.toString().split("[^A-Za-z/]+", -1)) {
                if (METHODS.contains(word)) {
                    paths.forEach(path -> calls.add(word + " " + path));
                }
            }
        }

        @Override
        public void startNested(RequestPredicate predicate) {
            throw new IllegalStateException("A nested route: teach this test to read it");
        }
    }

    /** A predicate's text holds its path, whatever it is joined with. */
    private static void add(Set<String> paths, RequestPredicate predicate) {
        for (String word : predicate.toString().split("[\\s()&|!]+", -1)) {
            if (word.startsWith("/")) {
                paths.add(word.replaceAll("\\{[^}]*}", "x").replace("**", "x").replace("*", "x"));
            }
        }
    }

    private record Paths(Set<String> paths) implements NoAttributes {
        @Override
        public void route(RequestPredicate predicate, HandlerFunction<?> handler) {
            add(paths, predicate);
        }

        @Override
        public void startNested(RequestPredicate predicate) {
            throw new IllegalStateException("A nested route: teach this test to read it");
        }
    }

    private interface NoAttributes extends RouterFunctions.Visitor {
        @Override
        default void endNested(RequestPredicate predicate) {}

        @Override
        default void resources(Function<ServerRequest, Mono<Resource>> lookup) {
            throw new IllegalStateException("The agent serves no files");
        }

        @Override
        default void attributes(Map<String, Object> attributes) {}

        @Override
        default void unknown(RouterFunction<?> router) {
            throw new IllegalStateException("A route that cannot be read: " + router);
        }
    }
}
