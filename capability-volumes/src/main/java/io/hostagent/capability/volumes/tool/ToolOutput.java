// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.tool;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;

/**
 * What a running program writes. Its end is the end of a program that succeeded: where that failed,
 * reading the end fails, so that a stream that was cut off is not taken for a whole one. To close
 * it ends the program.
 */
final class ToolOutput extends FilterInputStream {

    private final Tool tool;
    private final Process process;
    private final CappedText complaint;

    ToolOutput(Tool tool, Process process) {
        super(process.getInputStream());
        this.tool = tool;
        this.process = process;
        complaint = new CappedText(process.getErrorStream());
    }

    @Override
    public int read() throws IOException {
        return checked(super.read());
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return checked(super.read(bytes, offset, length));
    }

    private int checked(int result) throws IOException {
        if (result < 0) {
            try {
                int exit = process.waitFor();
                if (exit != 0) {
                    throw ToolException.failed(tool, exit, complaint.text());
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException(tool.program() + " was not waited for");
            }
        }
        return result;
    }

    @Override
    public void close() throws IOException {
        Tools.end(process);
        super.close();
    }
}
