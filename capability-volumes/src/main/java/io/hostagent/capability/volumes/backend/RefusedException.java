// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import java.io.IOException;
import java.io.Serial;

/** What somebody asks for cannot be done with a volume, and the disk is not at fault. */
public final class RefusedException extends IOException {

    @Serial private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
        super(message);
    }
}
