// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import com.github.benmanes.caffeine.cache.Ticker;
import io.hostagent.core.trust.TrustStore.Content;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trust on first use: the first client with a right signature is the one, and stays it over
 * restarts.
 *
 * <p>The request that binds is granted only when the file is safely on the disk, and is the one
 * request in the life of an agent that waits for a disk: on the calling thread, since an
 * asynchronous gate for one request of some milliseconds would be worth less than it costs.
 */
final class FirstUse implements KeyRule {

    private static final Logger log = LoggerFactory.getLogger(FirstUse.class);

    private final TrustStore store;
    private final WatchedFile<Content> file;
    private volatile @Nullable ClientKey last;

    FirstUse(TrustStore store, Ticker ticker) throws IOException {
        this.store = store;
        this.file = new WatchedFile<>(store.file(), ignored -> store.read(), ticker);
    }

    @Override
    public boolean admits(String publicKey) throws IOException {
        return bound().map(key -> key.is(publicKey)).orElse(true);
    }

    @Override
    public boolean settle(ClientKey key) throws IOException {
        Optional<ClientKey> bound = bound();
        return (bound.isPresent() ? bound.get() : bind(key)).is(key.hex());
    }

    @Override
    public boolean settled() throws IOException {
        return bound().isPresent();
    }

    private ClientKey bind(ClientKey key) throws IOException {
        ClientKey winner = store.bind(key);
        file.reload();
        last = winner;
        if (winner.is(key.hex())) {
            log.info("Trusting {} from now on: it was the first to sign", key);
        }
        return winner;
    }

    /**
     * The key in force. A file that disappears under a running agent (a volume that is gone) does
     * not open the agent for strangers: only a reset that is written in the file does.
     */
    private Optional<ClientKey> bound() throws IOException {
        return switch (file.current()) {
            case Content.Bound bound -> {
                last = bound.key();
                yield Optional.of(bound.key());
            }
            case Content.Reset _ -> {
                last = null;
                yield Optional.empty();
            }
            case Content.Absent _ -> Optional.ofNullable(last);
        };
    }
}
