// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.capability.volumes.service.KnownVolume;
import io.hostagent.core.error.ApiError;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is there as a whole.
 *
 * @param json {@code null} for none
 */
record Reply(int status, @Nullable Object json, Map<String, String> headers) {

    static Reply of(@Nullable Object json) {
        return new Reply(200, json, Map.of());
    }

    static Reply nothing() {
        return new Reply(204, null, Map.of());
    }

    /** A volume, with what tells its versions apart. */
    static Reply of(KnownVolume volume) {
        return new Reply(200, VolumeJson.of(volume), Map.of("ETag", Preconditions.tag(volume)));
    }

    /** A volume that was made. */
    static Reply made(KnownVolume volume) {
        return new Reply(
                201,
                VolumeJson.of(volume),
                Map.of("ETag", Preconditions.tag(volume), "Location", VolumeJson.path(volume)));
    }

    static Reply error(int status, ApiError error) {
        return new Reply(
                status, Map.of("message", error.message(), "details", error.details()), Map.of());
    }
}
