// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import java.util.List;
import org.springframework.http.codec.HttpMessageReader;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.view.ViewResolver;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import org.springframework.web.server.i18n.FixedLocaleContextResolver;
import org.springframework.web.server.i18n.LocaleContextResolver;

/** Functional routes, {@link OwnCodecs} and {@link ErrorAnswers}: all that is used of WebFlux. */
final class OwnStrategies implements HandlerStrategies {

    private static final LocaleContextResolver NO_LOCALES = new FixedLocaleContextResolver();

    private final OwnCodecs codecs = new OwnCodecs();

    static HttpHandler handler(RouterFunction<ServerResponse> routes) {
        OwnStrategies strategies = new OwnStrategies();
        return WebHttpHandlerBuilder.webHandler(RouterFunctions.toWebHandler(routes, strategies))
                .exceptionHandler(new ErrorAnswers())
                .codecConfigurer(strategies.codecs)
                .localeContextResolver(NO_LOCALES)
                .build();
    }

    @Override
    public List<HttpMessageReader<?>> messageReaders() {
        return codecs.getReaders();
    }

    @Override
    public List<HttpMessageWriter<?>> messageWriters() {
        return codecs.getWriters();
    }

    @Override
    public List<ViewResolver> viewResolvers() {
        return List.of();
    }

    @Override
    public List<WebFilter> webFilters() {
        return List.of();
    }

    @Override
    public List<WebExceptionHandler> exceptionHandlers() {
        return List.of();
    }

    @Override
    public LocaleContextResolver localeContextResolver() {
        return NO_LOCALES;
    }
}
