// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import io.hostagent.core.settings.SettingsException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Agents that the operator names, in {@code AGENT_CLUSTER_ADDR}: addresses, or names with any
 * number of addresses ({@code tasks.agent} of a Swarm, a headless service of Kubernetes).
 */
final class AddressList implements Discovery {

    /** A name, an IPv4 address, or an IPv6 address in brackets; a port may follow. */
    private static final Pattern ENTRY =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^\\s:\\[\\]/]+))(?::([0-9]{1,5}))?");

    private record Entry(String host, int port) {}

    private final List<Entry> entries;
    private final Names names;

    private AddressList(List<Entry> entries, Names names) {
        this.entries = entries;
        this.names = names;
    }

    /**
     * Reads a list.
     *
     * @param text entries joined by commas or spaces
     * @param port where an entry names none
     * @throws SettingsException naming the entry that is none
     */
    static AddressList parse(String text, int port, Names names) {
        List<Entry> entries =
                Stream.of(text.strip().split("[\\s,]+", -1))
                        .filter(entry -> !entry.isEmpty())
                        .map(entry -> entry(entry, port))
                        .toList();
        return new AddressList(entries, names);
    }

    private static Entry entry(String text, int port) {
        Matcher matcher = ENTRY.matcher(text.startsWith("tcp://") ? text.substring(6) : text);
        if (matcher.matches()) {
            String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            int own = matcher.group(3) == null ? port : Integer.parseInt(matcher.group(3));
            if (own >= 1 && own <= 65_535) {
                return new Entry(host, own);
            }
        }
        throw new SettingsException(
                "AGENT_CLUSTER_ADDR: '"
                        + text
                        + "' is no host name or IP address, with or without a port");
    }

    /** Of several names those that are known will do. */
    @Override
    public Mono<Found> find(
            ClusterView before, OnBehalf who, BiConsumer<Member, String> unreachable) {
        return Flux.fromIterable(entries)
                .flatMapDelayError(this::find, entries.size(), 1)
                .onErrorComplete(failure -> entries.size() > 1)
                .collect(LinkedHashMap<PeerAddress, String>::new, Map::putAll)
                .filter(found -> !found.isEmpty())
                .switchIfEmpty(
                        Mono.error(
                                () ->
                                        new IllegalStateException(
                                                "no name in AGENT_CLUSTER_ADDR has an address")))
                .map(found -> new Found(found, List.of()));
    }

    private Mono<Map<PeerAddress, String>> find(Entry entry) {
        return names.addresses(entry.host())
                .map(
                        addresses -> {
                            Map<PeerAddress, String> found = new LinkedHashMap<>();
                            addresses.forEach(
                                    host -> found.put(new PeerAddress(host, entry.port()), ""));
                            return found;
                        });
    }
}
