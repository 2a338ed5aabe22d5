// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import io.hostagent.core.settings.SettingsException;
import java.io.IOException;

/** Which keys are trusted, once they have signed. */
sealed interface KeyRule permits KeyRule.Any, KeyRule.Pinned, FirstUse {

    /** Whether a key could be trusted at all; asked before any arithmetic. */
    boolean admits(String publicKey) throws IOException;

    /**
     * Decides on a key whose signature was right.
     *
     * @return whether it is trusted
     * @throws IOException when that cannot be decided, or not be kept
     */
    boolean settle(ClientKey key) throws IOException;

    /** Whether there is somebody who could be let in by what is known now. */
    boolean settled() throws IOException;

    /** Whoever knows the shared secret. */
    record Any() implements KeyRule {
        @Override
        public boolean admits(String publicKey) {
            return true;
        }

        @Override
        public boolean settle(ClientKey key) {
            return true;
        }

        @Override
        public boolean settled() {
            return true;
        }
    }

    /** The key that the operator named. */
    record Pinned(ClientKey pinned) implements KeyRule {
        @Override
        public boolean admits(String publicKey) {
            return pinned.is(publicKey);
        }

        @Override
        public boolean settle(ClientKey key) {
            return pinned.is(key.hex());
        }

        @Override
        public boolean settled() {
            return true;
        }

        static Pinned read(String text) {
            try {
                return new Pinned(ClientKey.parse(text.strip()));
            } catch (InvalidSignature e) {
                throw new SettingsException(
                        "AGENT_PUBLIC_KEY cannot be used: "
                                + e.reason()
                                + "; it takes the text that a Portainer server sends as"
                                + " X-PortainerAgent-PublicKey");
            }
        }
    }
}
