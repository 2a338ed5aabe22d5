// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A secret text that cannot slip into a log: only {@link #bytes()} gives it away. */
public final class Secret {

    private final String value;

    public Secret(String value) {
        this.value = value;
    }

    /** The secret in UTF-8, as it is fed to a digest. */
    public byte[] bytes() {
        return value.getBytes(UTF_8);
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
