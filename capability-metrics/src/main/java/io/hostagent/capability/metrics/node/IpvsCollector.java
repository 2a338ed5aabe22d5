// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.util.List;

/**
 * What the kernel's load balancer does in the host's own network, from {@code /proc/1/net/ip_vs}
 * and {@code ip_vs_stats}. Swarm's is in networks of its own.
 */
final class IpvsCollector implements NodeCollector {

    /** In the order of the statistics' columns, in base 16. */
    private static final List<Family> TOTALS =
            List.of(
                    total("connections", "Connections that were handed on."),
                    total("incoming_packets", "Packets that came."),
                    total("outgoing_packets", "Packets that went."),
                    total("incoming_bytes", "Bytes that came."),
                    total("outgoing_bytes", "Bytes that went."));

    private static final Family WEIGHT =
            Family.gauge("node_ipvs_backend_weight", "The share of a server.");
    private static final Family ACTIVE =
            Family.gauge("node_ipvs_backend_connections_active", "Connections of a server.");
    private static final Family INACTIVE =
            Family.gauge("node_ipvs_backend_connections_inactive", "Connections that have ended.");

    private static Family total(String name, String help) {
        return Family.counter("node_ipvs_" + name + "_total", help);
    }

    @Override
    public String name() {
        return "ipvs";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        KernelText text = scrape.text();
        scrape.optional(scrape.net("ip_vs_stats"), "the load balancer is not used");
        double[] totals = totals(text);
        text.read(scrape.net("ip_vs"));
        servers(text, samples);
        for (int i = 0; i < totals.length; i++) {
            samples.family(TOTALS.get(i)).add(totals[i]);
        }
    }

    private static double[] totals(KernelText text) throws KernelFormatException {
        double[] totals = new double[TOTALS.size()];
        text.line();
        text.line();
        text.line();
        for (int i = 0; i < totals.length; i++) {
            if (!text.field()) {
                throw new KernelFormatException("the load balancer counts too little");
            }
            totals[i] = (double) text.hexadecimal();
        }
        return totals;
    }

    /** A line for each service, and below it one with an arrow for each server of it. */
    private static void servers(KernelText text, SampleSet samples) throws KernelFormatException {
        String protocol = "";
        String service = "";
        while (text.line()) {
            if (!text.field() || text.is("IP") || text.is("Prot")) {
                continue;
            }
            if (!text.is("->")) {
                protocol = text.text();
                text.field();
                service = text.text();
            } else if (text.field() && !text.is("RemoteAddress:Port")) {
                Labels labels = labels(protocol, service, text.text());
                // How packets get there.
                text.field();
                samples.family(WEIGHT).add(labels, next(text));
                samples.family(ACTIVE).add(labels, next(text));
                samples.family(INACTIVE).add(labels, next(text));
            }
        }
    }

    private static double next(KernelText text) throws KernelFormatException {
        if (!text.field()) {
            throw new KernelFormatException("a server without numbers");
        }
        return text.unsigned();
    }

    /** A service of marked packets has no address. */
    private static Labels labels(String protocol, String service, String server)
            throws KernelFormatException {
        boolean marked = protocol.equals("FWM");
        IpvsEndpoint local = marked ? IpvsEndpoint.NONE : IpvsEndpoint.of(service);
        IpvsEndpoint remote = IpvsEndpoint.of(server);
        return Labels.of(
                List.of(
                        new Label("local_address", local.address()),
                        new Label("local_port", Integer.toString(local.port())),
                        new Label("remote_address", remote.address()),
                        new Label("remote_port", Integer.toString(remote.port())),
                        new Label("proto", protocol),
                        new Label("local_mark", marked ? service : "")));
    }
}
