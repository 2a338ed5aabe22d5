// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.capability;

/** How a capability is doing: a row of the start-up table and of {@code /v2/capabilities}. */
public sealed interface CapabilityStatus {

    /** One word for it. */
    String state();

    /** Why it is so. */
    String why();

    /** What would change it; empty when there is nothing to change. */
    String remedy();

    /** It serves. */
    record On(String why) implements CapabilityStatus {
        @Override
        public String state() {
            return "on";
        }

        @Override
        public String remedy() {
            return "";
        }
    }

    /** Its flag is off. */
    record Off(String why, String remedy) implements CapabilityStatus {
        @Override
        public String state() {
            return "off";
        }
    }

    /** It is on and lacks something; it begins by itself when that appears. */
    record Waiting(String why, String remedy) implements CapabilityStatus {
        @Override
        public String state() {
            return "waiting";
        }
    }
}
