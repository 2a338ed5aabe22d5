// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.operation;

import io.hostagent.capability.volumes.tool.CopyWatch.Copied;
import io.hostagent.core.error.ApiError;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Long work, as it was at a moment.
 *
 * @param kind such as {@code snapshot}
 * @param volume that it is about; empty when it is about several
 * @param progress for people to read
 * @param copied how much of it is copied; {@code null} while nothing is being copied
 * @param failure why it failed; {@code null} when it did not, or not yet
 * @param ended when; {@code null} as long as it goes on
 * @param result what came of it, as JSON; empty until then
 */
public record Operation(
        String id,
        String kind,
        String volume,
        State state,
        String progress,
        @Nullable Copied copied,
        @Nullable Failure failure,
        Instant started,
        @Nullable Instant ended,
        Map<String, @Nullable Object> result) {

    /** Bits of one. */
    private static final int MIB = 20;

    /** Where it is. */
    public enum State {
        RUNNING,
        DONE,
        FAILED;

        /** As users read it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Why it failed.
     *
     * @param status that a caller would have got who had waited for it
     */
    public record Failure(int status, ApiError error) {}

    public Operation {
        result = Collections.unmodifiableMap(new LinkedHashMap<>(result));
    }

    static Operation begun(String id, String kind, String volume, Instant now) {
        return new Operation(
                id,
                kind,
                volume,
                State.RUNNING,
                "waits for its turn",
                null,
                null,
                now,
                null,
                Map.of());
    }

    Operation at(String words) {
        return new Operation(id, kind, volume, state, words, null, null, started, null, Map.of());
    }

    /** The same, with how much is copied. */
    Operation having(Copied some) {
        String of =
                some.hasTotal()
                        ? " of %d MiB (%d %%)"
                                .formatted(
                                        some.total() >> MIB,
                                        100 * some.bytes() / Math.max(1, some.total()))
                        : "";
        return new Operation(
                id,
                kind,
                volume,
                state,
                "has copied " + (some.bytes() >> MIB) + " MiB" + of,
                some,
                failure,
                started,
                ended,
                result);
    }

    Operation done(Map<String, ? extends @Nullable Object> what, Instant now) {
        return new Operation(
                id,
                kind,
                volume,
                State.DONE,
                "done",
                null,
                null,
                started,
                now,
                new LinkedHashMap<>(what));
    }

    Operation failed(Failure why, Instant now) {
        return new Operation(
                id, kind, volume, State.FAILED, "failed", null, why, started, now, Map.of());
    }

    /** Whether it is over. */
    public boolean isOver() {
        return state != State.RUNNING;
    }
}
