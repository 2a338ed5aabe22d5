// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.dbus;

import java.io.IOException;

/** A service answers with an error; the connection is as good as before. */
public final class BusException extends IOException {

    /** Says which one. */
    BusException(String message) {
        super(message);
    }
}
