// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import org.jspecify.annotations.Nullable;

/** What a caller says about itself: the headers of its request. */
@FunctionalInterface
public interface Credentials {

    /**
     * Gives the first value of a header.
     *
     * @param name in any case
     * @return {@code null} when the request has no such header
     */
    @Nullable String header(String name);
}
