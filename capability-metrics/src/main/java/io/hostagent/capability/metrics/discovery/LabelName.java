// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

/** How a label of a container or network is named among those of Prometheus. */
final class LabelName {

    private LabelName() {}

    /** The prefix and the key, whose characters that no label may have become underscores. */
    static String of(String prefix, String key) {
        StringBuilder name = new StringBuilder(prefix.length() + key.length()).append(prefix);
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            boolean fits = c < 0x80 && (Character.isLetterOrDigit(c) || c == '_');
            name.append(fits ? c : '_');
        }
        return name.toString();
    }
}
