// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import java.io.IOException;

/** Something still uses what should be unmounted. */
public final class BusyVolumeException extends IOException {

    public BusyVolumeException(String message) {
        super(message);
    }
}
