// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker;

/** The full ID of a container: 64 hexadecimal digits. */
public record ContainerId(String value) {

    public ContainerId {
        if (!value.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("'" + value + "' is no full container ID");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
