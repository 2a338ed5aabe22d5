// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file that says which client key is bound. It is written by the agent (bind) and the command
 * line (reset); both hold the folder's lock while they do.
 */
public final class TrustStore {

    private static final int VERSION = 1;

    /** What the file says. */
    sealed interface Content {
        /** There is no file: the agent is new. */
        record Absent() implements Content {}

        /** The operator took the binding back. */
        record Reset() implements Content {}

        record Bound(ClientKey key, Instant since) implements Content {}
    }

    /** A bound key, as shown to the operator. */
    public record BoundKey(String callerId, String publicKey, Instant since) {}

    private record Document(int version, @Nullable String publicKey, @Nullable Instant since) {}

    private final Path folder;
    private final Path file;
    private final Clock clock;

    public TrustStore(Path dataPath, Clock clock) {
        this.folder = dataPath;
        this.file = dataPath.resolve("trust.json");
        this.clock = clock;
    }

    /** The bound key, if one is. */
    public Optional<BoundKey> bound() throws IOException {
        return read() instanceof Content.Bound(ClientKey key, Instant since)
                ? Optional.of(new BoundKey(key.callerId(), key.hex(), since))
                : Optional.empty();
    }

    /**
     * Takes the binding back: the next client with a right signature is bound. This works on a
     * damaged file, too.
     *
     * @return whether there was something to take back
     */
    public boolean reset() throws IOException {
        try (FolderLock lock = FolderLock.acquire(folder)) {
            boolean found = DataFile.exists(file) && !isReset();
            // Also when there is no file: an agent that runs may still hold what it had read.
            lock.write(file, DataFile.json(new Document(VERSION, null, now())));
            return found;
        }
    }

    /** Binds a key, unless one is bound already; gives the key that is bound then. */
    ClientKey bind(ClientKey key) throws IOException {
        try (FolderLock lock = FolderLock.acquire(folder)) {
            if (read() instanceof Content.Bound bound) {
                return bound.key();
            }
            lock.write(file, DataFile.json(new Document(VERSION, key.hex(), now())));
            return key;
        }
    }

    Path file() {
        return file;
    }

    Content read() throws IOException {
        Optional<Document> read = DataFile.read(file, Document.class);
        if (read.isEmpty()) {
            return new Content.Absent();
        }
        Document document = read.get();
        if (document.version() != VERSION || document.since() == null) {
            throw DataFile.damaged(file, "it is not of a kind that this agent knows");
        }
        if (document.publicKey() == null) {
            return new Content.Reset();
        }
        try {
            return new Content.Bound(ClientKey.parse(document.publicKey()), document.since());
        } catch (InvalidSignature e) {
            throw DataFile.damaged(file, e.reason());
        }
    }

    private boolean isReset() {
        try {
            return read() instanceof Content.Reset;
        } catch (IOException e) {
            // Damaged: there is something to reset.
            return false;
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
