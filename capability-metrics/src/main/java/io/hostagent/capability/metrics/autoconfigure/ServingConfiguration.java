// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.autoconfigure;

import io.hostagent.capability.metrics.scrape.MetricSource;
import io.hostagent.capability.metrics.scrape.Scraper;
import io.hostagent.capability.metrics.web.MetricsAnswers;
import io.hostagent.capability.metrics.web.MetricsRoute;
import io.hostagent.capability.metrics.web.PlainListener;
import io.hostagent.capability.metrics.web.PlainListeners;
import io.hostagent.core.capability.ConditionalOnCapability;
import io.hostagent.core.cluster.Addressee;
import io.hostagent.core.cluster.Forwarding;
import io.hostagent.core.settings.AgentSettings;
import io.hostagent.core.trust.AuditLog;
import io.hostagent.core.web.StreamRoute;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

/** Where metrics are served. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnCapability("CAP_METRICS")
class ServingConfiguration {

    @Bean
    Scraper scraper(ObjectProvider<MetricSource> sources) {
        return new Scraper(sources.orderedStream().toList());
    }

    @Bean
    MetricsAnswers metricsAnswers(Scraper scraper, MetricsVariables variables) {
        return new MetricsAnswers(scraper, variables.openMetrics());
    }

    @Bean
    StreamRoute metricsRoute(MetricsAnswers answers, Addressee addressee, Forwarding forwarding) {
        return new MetricsRoute(answers, addressee, forwarding);
    }

    @Bean
    PlainListeners plainListeners(
            MetricsAutoConfiguration capability,
            MetricsVariables variables,
            AgentSettings settings,
            Scraper scraper,
            AuditLog audit,
            ReactorResourceFactory eventLoops) {
        // Strangers, who may come there, take no places of those with a token.
        MetricsAnswers answers = new MetricsAnswers(scraper, variables.openMetrics());
        PlainListeners listeners =
                new PlainListeners(
                        variables.places(settings.port()).stream()
                                .map(
                                        place ->
                                                new PlainListener(
                                                        place,
                                                        answers,
                                                        audit,
                                                        settings.maxConnections(),
                                                        eventLoops::getLoopResources))
                                .toList());
        capability.listens(listeners);
        return listeners;
    }
}
