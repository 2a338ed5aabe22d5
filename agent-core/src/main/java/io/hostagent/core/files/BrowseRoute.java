// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import io.hostagent.core.cluster.Forwarding;
import io.hostagent.core.cluster.Member;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.files.FileTrees.Place;
import io.hostagent.core.trust.Scope;
import io.hostagent.core.web.ApiCall;
import io.hostagent.core.web.Exchange;
import io.hostagent.core.web.RequestPath;
import io.hostagent.core.web.StreamRoute;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * {@code /browse/...} and {@code /v2/browse/...}: files of volumes with a {@code volumeID}, else of
 * the host, which only who administers may have. The one place where it is decided who may have
 * which files, on which node they are, and what is recorded.
 */
public final class BrowseRoute implements StreamRoute {

    private record Source(FileTrees trees, Browser browser) {}

    private final List<Source> sources;
    private final Forwarding forwarding;

    /**
     * Makes the route.
     *
     * @param trees those that are on
     */
    public BrowseRoute(List<FileTrees> trees, Forwarding forwarding) {
        NameRoom names = new NameRoom();
        this.sources =
                trees.stream()
                        .map(one -> new Source(one, new Browser(one.threads(), names)))
                        .toList();
        this.forwarding = forwarding;
    }

    @Override
    public boolean covers(RequestPath path) {
        return Operation.covers(path.path());
    }

    @Override
    public List<ApiCall> calls() {
        return Operation.calls();
    }

    @Override
    public Mono<Void> handle(Exchange exchange, Supplier<Mono<Void>> own) {
        Optional<Operation> operation = Operation.of(exchange.path().path());
        if (operation.isEmpty()) {
            throw CallerException.notFound(
                    "There is no such call", "See docs/capabilities for those of /v2/browse");
        }
        HttpMethod method = exchange.request().method();
        if (!operation.get().methods().contains(method)) {
            return notAllowed(exchange.response(), operation.get());
        }
        Query query = Query.of(exchange.path());
        String volume = query.volume();
        Source source = source(volume, exchange);
        return source.trees()
                .find(exchange, volume)
                .flatMap(
                        place ->
                                switch (place) {
                                    case Place.There(Member member) ->
                                            forwarding.to(member, exchange, null);
                                    case Place.Here(FileTree tree) ->
                                            source.browser()
                                                    .answer(operation.get(), tree, query, exchange);
                                });
    }

    private Source source(String volume, Exchange exchange) {
        boolean ofVolumes = !volume.isEmpty();
        if (!ofVolumes && exchange.caller().scope() != Scope.ADMIN) {
            throw CallerException.forbidden(
                    "Forbidden", "Files outside of volumes need the scope 'admin'");
        }
        for (Source one : sources) {
            if (one.trees().ofVolumes() == ofVolumes) {
                return one;
            }
        }
        throw ofVolumes
                ? CallerException.notFound(
                        "The capability 'proxy' is off", "Set CAP_PROXY=1 to browse volumes")
                : CallerException.notFound(
                        "The capability 'host' is off",
                        "Set CAP_HOST_MANAGEMENT=1 to browse the host's files, or name a volume"
                                + " with volumeID");
    }

    private static Mono<Void> notAllowed(HttpServerResponse response, Operation operation) {
        String allowed =
                operation.methods().stream()
                        .map(HttpMethod::name)
                        .collect(Collectors.joining(", "));
        response.status(405)
                .header(HttpHeaderNames.ALLOW, allowed)
                .header(HttpHeaderNames.CONTENT_LENGTH, "0");
        return response.send();
    }
}
