// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.tool;

import java.io.IOException;

/** A program could not be started, was ended, or failed; the message tells all of it. */
public final class ToolException extends IOException {

    /** Of a program that did not end by itself. */
    public static final int NO_EXIT = -1;

    private final int exit;
    private final String complaint;

    ToolException(String message, int exit, String complaint) {
        super(message);
        this.exit = exit;
        this.complaint = complaint;
    }

    /** A program that is not there, did not start, or had to be ended. */
    static ToolException of(String message) {
        return new ToolException(message, NO_EXIT, "");
    }

    /** A program that ended with a status other than 0. */
    static ToolException failed(Tool tool, int exit, String complaint) {
        String why = complaint.strip();
        return new ToolException(
                tool.program()
                        + " failed (exit "
                        + exit
                        + "): "
                        + (why.isEmpty() ? "it does not say why" : why),
                exit,
                why);
    }

    /** With what the program ended, or {@link #NO_EXIT}. */
    public int exit() {
        return exit;
    }

    /** What it wrote to its standard error, if not too much. */
    public String complaint() {
        return complaint;
    }

    /** Whether it found no space, or no more of a quota. */
    public boolean isNoSpace() {
        return complaint.contains("No space left on device")
                || complaint.contains("Disk quota exceeded");
    }

    /** Whether something uses what it should have taken away. */
    public boolean isBusy() {
        return complaint.contains("busy");
    }
}
