// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import org.jspecify.annotations.Nullable;

/** Why a call failed, in a few words for a person. */
final class Reason {

    private Reason() {}

    static String of(Throwable failure) {
        @Nullable String message = failure.getMessage();
        return message == null || message.isEmpty() ? failure.getClass().getSimpleName() : message;
    }
}
