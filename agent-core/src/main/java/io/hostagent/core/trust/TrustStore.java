// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import io.hostagent.core.json.JsonTree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file that says which client key is bound. It is written by the agent (bind) and the command
 * line (reset); both hold the folder's lock while they do.
 */
public final class TrustStore {

    private static final Long VERSION = 1L;
    private static final String PUBLIC_KEY = "publicKey";
    private static final String SINCE = "since";

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
            lock.write(file, document(null));
            return found;
        }
    }

    /** Binds a key, unless one is bound already; gives the key that is bound then. */
    ClientKey bind(ClientKey key) throws IOException {
        try (FolderLock lock = FolderLock.acquire(folder)) {
            if (read() instanceof Content.Bound bound) {
                return bound.key();
            }
            lock.write(file, document(key.hex()));
            return key;
        }
    }

    Path file() {
        return file;
    }

    Content read() throws IOException {
        Optional<Map<String, @Nullable Object>> read = DataFile.read(file);
        if (read.isEmpty()) {
            return new Content.Absent();
        }
        Map<String, @Nullable Object> document = read.get();
        try {
            String key = DataFile.text(document, PUBLIC_KEY);
            Instant since = DataFile.time(document, SINCE);
            if (!VERSION.equals(JsonTree.number(document, "version")) || since == null) {
                throw DataFile.damaged(file, "it is not of a kind that this agent knows");
            }
            return key == null
                    ? new Content.Reset()
                    : new Content.Bound(ClientKey.parse(key), since);
        } catch (IllegalArgumentException e) {
            throw DataFile.damaged(file, String.valueOf(e.getMessage()));
        } catch (InvalidSignature e) {
            throw DataFile.damaged(file, e.reason());
        }
    }

    private byte[] document(@Nullable String publicKey) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("version", VERSION);
        document.put(PUBLIC_KEY, publicKey);
        document.put(SINCE, clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        return JsonTree.writeIndented(document);
    }

    private boolean isReset() {
        try {
            return read() instanceof Content.Reset;
        } catch (IOException e) {
            // Damaged: there is something to reset.
            return false;
        }
    }
}
