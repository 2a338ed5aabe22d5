// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.concurrent;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands something that has to be closed from the thread that opens it to whoever asked for it, who
 * may have gone away meanwhile: then it is closed, exactly once, by whoever comes last.
 *
 * @param <T> such as an open file
 */
final class Handover<T> {

    private sealed interface State<T> {}

    private record Nothing<T>() implements State<T> {}

    private record Here<T>(T value) implements State<T> {}

    private record Over<T>() implements State<T> {}

    private final AtomicReference<State<T>> state = new AtomicReference<>(new Nothing<>());
    private final Consumer<T> discard;

    /**
     * Prepares for one thing.
     *
     * @param discard closes it when nobody wants it
     */
    Handover(Consumer<T> discard) {
        this.discard = discard;
    }

    /** It has been opened. */
    void put(T value) {
        if (state.getAndSet(new Here<>(value)) instanceof Over<T>) {
            cancel();
        }
    }

    /** Takes it over; {@code null} when it was given up. */
    @Nullable T take() {
        return state.getAndSet(new Over<>()) instanceof Here<T>(T value) ? value : null;
    }

    /** Nobody wants it any more. */
    void cancel() {
        T left = take();
        if (left != null) {
            discard.accept(left);
        }
    }
}
