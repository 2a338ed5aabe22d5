// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import java.io.IOException;

/** The host has nothing of what a collector reads: no failure to be logged, and no success. */
final class NoDataException extends IOException {

    NoDataException(String message) {
        super(message);
    }
}
