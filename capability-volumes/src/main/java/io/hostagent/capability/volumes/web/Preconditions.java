// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.capability.volumes.service.KnownVolume;
import io.hostagent.core.error.CallerException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.OptionalLong;

/** Changes of a volume that are only wanted if it is what the caller has seen. */
final class Preconditions {

    private Preconditions() {}

    /** What tells the versions of a volume apart: {@code "EPOCH-VERSION"}. */
    static String tag(KnownVolume volume) {
        return "\"" + volume.record().epoch() + "-" + volume.version() + "\"";
    }

    /**
     * The version that a caller expects, by {@code If-Match}; empty when any will do. Whether it
     * still is that one is decided where the change is made; this only finds out early.
     *
     * @throws CallerException 412 when it is another one already
     */
    static OptionalLong expected(HttpHeaders headers, KnownVolume known) {
        List<String> given = headers.getAll(HttpHeaderNames.IF_MATCH);
        if (given.isEmpty()) {
            return OptionalLong.empty();
        }
        for (String tag : String.join(",", given).split(",", -1)) {
            if (tag.strip().equals("*")) {
                return OptionalLong.empty();
            }
            if (tag.strip().equals(tag(known))) {
                return OptionalLong.of(known.version());
            }
        }
        throw new CallerException(
                412,
                "The volume is not what you have seen",
                "It is at " + tag(known) + " by now, and nothing was changed: read it again");
    }
}
