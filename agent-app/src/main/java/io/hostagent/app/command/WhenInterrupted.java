// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

/** Says something when the command is ended by a signal while this is open. */
final class WhenInterrupted implements AutoCloseable {

    private final Thread hook;

    WhenInterrupted(Runnable words) {
        hook = new Thread(words, "agent-interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is being said.
        }
    }
}
