// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /sys/class/net/NAME} told about one interface. It has two dozen files, and opening
 * one costs more than reading a long one, so of an interface of no hardware, such as a container's,
 * four are read in each scrape: its number, its state, its flags and how often its carrier changed.
 * All the others are read again when one of these is another one, and after a while, since a few of
 * them (the MTU, the alias, the length of the queue) can be set without any other change. What the
 * hardware may change by itself is read in each scrape.
 */
final class NetworkInterface {

    private static final String FLAGS = "flags";
    private static final String CHANGES = "carrier_changes";
    private static final int IFF_UP = 1;

    private final String name;
    private final Attributes attributes;
    private final boolean hardware;
    private final long index;
    private final Labels device;

    private String state = "";
    private @Nullable Long flags;
    private @Nullable Long changes;
    private @Nullable Labels info;
    private final @Nullable Long[] values = new @Nullable Long[NetworkProperty.ALL.size()];
    private long allReadNanos;

    private NetworkInterface(String name, Attributes attributes, long index) {
        this.name = name;
        this.attributes = attributes;
        this.index = index;
        hardware = attributes.folder().resolve("device").toFile().exists();
        device = Labels.of("device", name);
    }

    /**
     * Reads an interface.
     *
     * @param before what was read of one of this name; {@code null}: nothing
     * @param keptNanos how old the numbers may be that seldom change
     * @return {@code null} when this is no interface, or none any longer
     */
    static @Nullable NetworkInterface read(
            Path folder,
            KernelText text,
            @Nullable NetworkInterface before,
            String name,
            long keptNanos)
            throws IOException {
        Attributes attributes =
                before == null ? new Attributes(folder.resolve(name), text) : before.attributes;
        Long index = attributes.number("ifindex");
        if (index == null) {
            return null;
        }
        NetworkInterface read =
                before != null && before.index == index
                        ? before
                        : new NetworkInterface(name, attributes, index);
        read.refresh(keptNanos);
        return read;
    }

    private void refresh(long keptNanos) throws IOException {
        String stateBefore = state;
        Long flagsBefore = flags;
        Long changesBefore = changes;
        // Reading the same words again makes no text of them.
        if (!attributes.read("operstate") || !attributes.text().is(state)) {
            state = attributes.textOrEmpty("operstate");
        }
        flags = attributes.number(FLAGS);
        changes = attributes.number(CHANGES);
        long now = System.nanoTime();
        if (hardware
                || info == null
                || now - allReadNanos >= keptNanos
                || !state.equals(stateBefore)
                || !same(flags, flagsBefore)
                || !same(changes, changesBefore)) {
            readAll();
            allReadNanos = now;
        }
    }

    private static boolean same(@Nullable Long one, @Nullable Long other) {
        return one == null ? other == null : one.equals(other);
    }

    private void readAll() throws IOException {
        for (int i = 0; i < values.length; i++) {
            NetworkProperty property = NetworkProperty.ALL.get(i);
            values[i] =
                    switch (property.file()) {
                        case "ifindex" -> Long.valueOf(index);
                        case FLAGS -> flags;
                        case CHANGES -> changes;
                        default -> attributes.number(property.file());
                    };
        }
        info =
                Labels.of(
                        List.of(
                                new Label("device", name),
                                new Label("address", attributes.textOrEmpty("address")),
                                new Label("broadcast", attributes.textOrEmpty("broadcast")),
                                new Label("duplex", attributes.textOrEmpty("duplex")),
                                new Label("operstate", state),
                                new Label("adminstate", administrativeState()),
                                new Label("ifalias", attributes.textOrEmpty("ifalias"))));
    }

    private String administrativeState() {
        if (flags == null) {
            return "unknown";
        }
        return (flags & IFF_UP) != 0 ? "up" : "down";
    }

    /** Whether packets can pass. */
    boolean up() {
        return state.equals("up");
    }

    /** What one of {@link NetworkProperty#ALL} is; {@code null} when the driver does not tell. */
    @Nullable Long value(int property) {
        return values[property];
    }

    /** A label with its name. */
    Labels device() {
        return device;
    }

    /** Labels of all that is no number. */
    Labels info() {
        return info == null ? device : info;
    }
}
