// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.dbus;

import java.util.List;

/**
 * A question to a service.
 *
 * @param destination the name of the service
 * @param path the object that is asked
 * @param type the interface of it
 * @param member what is asked
 * @param arguments texts
 */
public record BusCall(
        String destination, String path, String type, String member, List<String> arguments) {

    private static final String PROPERTIES = "org.freedesktop.DBus.Properties";

    public BusCall {
        arguments = List.copyOf(arguments);
    }

    /** Asks for a property of an object. */
    public static BusCall property(String destination, String path, String type, String name) {
        return new BusCall(destination, path, PROPERTIES, "Get", List.of(type, name));
    }
}
