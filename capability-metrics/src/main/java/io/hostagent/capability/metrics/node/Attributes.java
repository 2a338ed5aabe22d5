// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The files of one device in sysfs, each of which holds one value. A driver that has no answer says
 * so by an error ({@code EINVAL} for the speed of an interface without a cable, {@code EAGAIN} for
 * a sensor that is busy), so an attribute that cannot be read is one that is not there.
 *
 * @param folder of the device
 * @param text to read them with
 */
record Attributes(Path folder, KernelText text) {

    /** Reads one and goes to its first word; whether there is something. */
    boolean read(String name) {
        try {
            text.read(folder.resolve(name));
        } catch (IOException e) {
            return false;
        }
        return text.line() && text.field();
    }

    /** All that one says, without the space around it; {@code null} when there is nothing. */
    @Nullable String text(String name) {
        return read(name) ? text.all().strip() : null;
    }

    /** All that one says, without the space around it; empty when there is nothing. */
    String textOrEmpty(String name) {
        String said = text(name);
        return said == null ? "" : said;
    }

    /**
     * The whole number that one holds, in base 16 when it begins with {@code 0x}; {@code null} when
     * there is nothing.
     *
     * @throws KernelFormatException when it holds something else
     */
    @Nullable Long number(String name) throws KernelFormatException {
        if (!read(name)) {
            return null;
        }
        return text.startsWith("0x") && text.behind('x') ? text.hexadecimal() : text.number();
    }
}
