// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import java.io.IOException;

/** A text file is not written in Prometheus' text format. */
final class TextFormatException extends IOException {

    /**
     * Says what was found.
     *
     * @param line where, the first one being 1
     */
    TextFormatException(int line, String message) {
        super("line " + line + ": " + message);
    }
}
