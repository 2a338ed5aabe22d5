// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker;

/** The versions of the Docker API that an engine speaks, both ends included. */
public record ApiRange(ApiVersion oldest, ApiVersion newest) {

    /** The version itself when the engine speaks it, or else the nearest one that it does. */
    public ApiVersion clamp(ApiVersion version) {
        if (version.compareTo(oldest) < 0) {
            return oldest;
        }
        return version.compareTo(newest) > 0 ? newest : version;
    }
}
