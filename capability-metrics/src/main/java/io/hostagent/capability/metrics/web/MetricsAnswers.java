// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.web;

import io.hostagent.capability.metrics.scrape.MetricSource;
import io.hostagent.capability.metrics.scrape.Scraper;
import io.hostagent.capability.metrics.text.Exposition;
import io.hostagent.capability.metrics.text.TextFormat;
import io.hostagent.core.error.BusyException;
import io.hostagent.core.relay.Relay;
import io.hostagent.core.relay.SourceAnswer;
import io.hostagent.core.web.RequestPath;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Answers scrapes, on whichever port they come. A body is written as it is sent: no more of it than
 * a piece or two is ever in memory.
 */
public final class MetricsAnswers {

    /** Scrapes that may be under way at once, clients that are slow to read included. */
    static final int MOST = 40;

    /**
     * As long as a client may take for an answer. Prometheus has given up long before that; whoever
     * does not read would keep a place for ever.
     */
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private static final String VARY =
            HttpHeaderNames.ACCEPT + ", " + HttpHeaderNames.ACCEPT_ENCODING;

    private final Scraper scraper;
    private final boolean offerOpenMetrics;
    private final Duration longest;
    private final AtomicInteger underWay = new AtomicInteger();

    /**
     * Makes a place where scrapes are answered.
     *
     * @param offerOpenMetrics whether a client that would rather have OpenMetrics gets it
     */
    public MetricsAnswers(Scraper scraper, boolean offerOpenMetrics) {
        this(scraper, offerOpenMetrics, LONGEST);
    }

    MetricsAnswers(Scraper scraper, boolean offerOpenMetrics, Duration longest) {
        this.scraper = scraper;
        this.offerOpenMetrics = offerOpenMetrics;
        this.longest = longest;
    }

    /**
     * Answers a request, on the event loop of its connection.
     *
     * @return ends when the answer is written; errors with a {@link BusyException}
     * @throws io.hostagent.core.error.CallerException for a request that cannot be answered
     */
    public Mono<Void> answer(
            MetricsPart part,
            RequestPath path,
            HttpServerRequest request,
            HttpServerResponse response) {
        boolean head = request.method().equals(HttpMethod.HEAD);
        if (!head && !request.method().equals(HttpMethod.GET)) {
            return notAllowed(response);
        }
        List<MetricSource> sources = scraper.sources().stream().filter(part::has).toList();
        ScrapeQuery query = ScrapeQuery.of(path.rawTarget(), sources);
        HttpHeaders headers = request.requestHeaders();
        Duration limit = ScrapeHeaders.limit(headers);
        TextFormat format =
                query.format()
                        .orElseGet(
                                () ->
                                        offerOpenMetrics
                                                ? ScrapeHeaders.format(headers)
                                                : TextFormat.PROMETHEUS);
        boolean gzip = ScrapeHeaders.gzip(headers);
        HttpResponse answer = head(format, gzip);
        if (head) {
            return sendHead(answer, response);
        }
        Channel client = Relay.channel(response);
        EventLoop loop = client.eventLoop();
        return admitted(
                client,
                scraper.scrape(
                                source -> part.has(source) && query.wants(source),
                                query.request(),
                                limit,
                                loop)
                        .map(sets -> Exposition.of(sets, format, gzip))
                        .flatMap(
                                body ->
                                        new SourceAnswer(answer, body, scraper.threads())
                                                .answer(request, response)));
    }

    private Mono<Void> admitted(Channel client, Mono<Void> answer) {
        return Mono.defer(
                () -> {
                    if (underWay.incrementAndGet() > MOST) {
                        underWay.decrementAndGet();
                        return Mono.error(
                                new BusyException(
                                        "Too many scrapes at once",
                                        MOST
                                                + " are under way: scrape less often, or from"
                                                + " fewer places"));
                    }
                    Future<?> end =
                            client.eventLoop()
                                    .schedule(
                                            () -> client.close(),
                                            longest.toMillis(),
                                            TimeUnit.MILLISECONDS);
                    return answer.doFinally(
                            signal -> {
                                end.cancel(false);
                                underWay.decrementAndGet();
                            });
                });
    }

    /** Scrapes that are under way. */
    int underWay() {
        return underWay.get();
    }

    private static HttpResponse head(TextFormat format, boolean gzip) {
        HttpHeaders headers =
                new DefaultHttpHeaders()
                        .set(HttpHeaderNames.CONTENT_TYPE, format.contentType())
                        .set(HttpHeaderNames.VARY, VARY);
        if (gzip) {
            headers.set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP);
        }
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, headers);
    }

    private static Mono<Void> sendHead(HttpResponse head, HttpServerResponse response) {
        response.status(head.status());
        response.responseHeaders().add(head.headers());
        return response.send();
    }

    private static Mono<Void> notAllowed(HttpServerResponse response) {
        response.status(HttpResponseStatus.METHOD_NOT_ALLOWED)
                .header(HttpHeaderNames.ALLOW, "GET, HEAD")
                .header(HttpHeaderNames.CONTENT_LENGTH, "0");
        return response.send();
    }
}
