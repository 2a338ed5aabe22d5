// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.capability.volumes.tool.ToolException;
import java.io.IOException;

/** The pool is full; nothing was left half done. */
public final class NoSpaceException extends IOException {

    public NoSpaceException(String message) {
        super(message);
    }

    NoSpaceException(String message, IOException cause) {
        super(message + ": " + cause.getMessage(), cause);
    }

    /** Whether a failure is that of a full disk, or of a quota that is used up. */
    public static boolean isToldBy(IOException failure) {
        if (failure instanceof NoSpaceException) {
            return true;
        }
        if (failure instanceof ToolException tool) {
            return tool.isNoSpace();
        }
        String message = String.valueOf(failure.getMessage());
        return message.contains("No space left on device")
                || message.contains("Disk quota exceeded");
    }
}
