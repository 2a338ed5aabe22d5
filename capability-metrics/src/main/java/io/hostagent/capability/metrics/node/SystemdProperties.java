// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.dbus.BusCall;
import io.hostagent.capability.metrics.dbus.BusConnection;
import io.hostagent.capability.metrics.dbus.BusException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Properties of systemd and its units. Hundreds are asked for, so many questions are sent before
 * the first answer is waited for. A property that this systemd does not know has no value.
 */
final class SystemdProperties {

    private static final String SYSTEMD = "org.freedesktop.systemd1";
    private static final String MANAGER_PATH = "/org/freedesktop/systemd1";
    private static final String MANAGER = SYSTEMD + ".Manager";

    /** As many answers as a bus is bound to keep for one who asks. */
    private static final int AT_ONCE = 64;

    /** What is asked of whom. */
    record Property(String path, String type, String name) {

        /** One of systemd itself. */
        static Property ofManager(String name) {
            return new Property(MANAGER_PATH, MANAGER, name);
        }

        /** One that units of a kind have, such as {@code Service}. */
        static Property ofUnit(SystemdUnit unit, String kind, String name) {
            return new Property(unit.path(), SYSTEMD + "." + kind, name);
        }
    }

    private final Map<Property, Object> values = new HashMap<>();

    /** Asks for the units there are. */
    static List<SystemdUnit> units(BusConnection bus) throws IOException {
        BusCall call = new BusCall(SYSTEMD, MANAGER_PATH, MANAGER, "ListUnits", List.of());
        return SystemdUnit.listed(bus.answer(bus.send(call)));
    }

    /** Asks for properties. */
    void ask(BusConnection bus, List<Property> properties) throws IOException {
        for (int from = 0; from < properties.size(); from += AT_ONCE) {
            List<Property> some =
                    properties.subList(from, Math.min(from + AT_ONCE, properties.size()));
            int[] calls = new int[some.size()];
            for (int i = 0; i < calls.length; i++) {
                Property asked = some.get(i);
                calls[i] =
                        bus.send(
                                BusCall.property(
                                        SYSTEMD, asked.path(), asked.type(), asked.name()));
            }
            for (int i = 0; i < calls.length; i++) {
                read(bus, calls[i], some.get(i));
            }
        }
    }

    private void read(BusConnection bus, int call, Property property) throws IOException {
        try {
            List<Object> answer = bus.answer(call);
            if (!answer.isEmpty()) {
                values.put(property, answer.getFirst());
            }
        } catch (BusException e) {
            // It is newer than this systemd, or the unit is gone.
            values.remove(property);
        }
    }

    /** A property that is a word; empty when there is none. */
    String text(Property property) {
        return values.get(property) instanceof String text ? text : "";
    }

    /** A property that is a number; {@code null} when there is none. */
    @Nullable Long number(Property property) {
        return values.get(property) instanceof Long number ? number : null;
    }
}
