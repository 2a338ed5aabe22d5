// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import io.hostagent.core.settings.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The file of the bearer tokens. Changes hold the folder's lock, so that none gets lost. */
public final class TokenStore {

    private static final int VERSION = 1;

    private record Document(int version, @Nullable List<Entry> tokens) {}

    private record Entry(
            String id,
            @Nullable String name,
            String scope,
            String sha256,
            Instant created,
            @Nullable Instant expires) {}

    private final Path folder;
    private final Path file;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    public TokenStore(Path dataPath, Clock clock) {
        this.folder = dataPath;
        this.file = dataPath.resolve("tokens.json");
        this.clock = clock;
    }

    /**
     * Makes a token.
     *
     * @param name {@code null}: none
     * @param lifetime {@code null}: until it is revoked
     * @throws IllegalArgumentException when the name cannot be used or is taken
     */
    public IssuedToken create(Scope scope, @Nullable String name, @Nullable Duration lifetime)
            throws IOException {
        try (FolderLock lock = FolderLock.acquire(folder)) {
            List<Token> tokens = new ArrayList<>(list());
            if (name != null && tokens.stream().anyMatch(token -> token.isCalled(name))) {
                throw new IllegalArgumentException("there is a token named " + name + " already");
            }
            TokenText text = unused(tokens);
            Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            Token token =
                    new Token(
                            text.id(),
                            name,
                            scope,
                            HexFormat.of().formatHex(text.sha256()),
                            now,
                            lifetime == null ? null : now.plus(lifetime));
            tokens.add(token);
            write(lock, tokens);
            return new IssuedToken(token, new Secret(text.text()));
        }
    }

    /** All tokens, the expired ones too, in the order in which they were made. */
    public List<Token> list() throws IOException {
        Optional<Document> read = DataFile.read(file, Document.class);
        if (read.isEmpty()) {
            return List.of();
        }
        if (read.get().version() != VERSION || read.get().tokens() == null) {
            throw DataFile.damaged(file, "it is not of a kind that this agent knows");
        }
        try {
            return read.get().tokens().stream().map(TokenStore::token).toList();
        } catch (IllegalArgumentException | NullPointerException e) {
            throw DataFile.damaged(file, "it holds something that is not a token");
        }
    }

    /**
     * Takes a token back.
     *
     * @return the token, unless there is none of that ID or name
     */
    public Optional<Token> revoke(String idOrName) throws IOException {
        try (FolderLock lock = FolderLock.acquire(folder)) {
            List<Token> tokens = new ArrayList<>(list());
            Optional<Token> found =
                    tokens.stream().filter(token -> token.isCalled(idOrName)).findFirst();
            if (found.isPresent()) {
                tokens.remove(found.get());
                write(lock, tokens);
            }
            return found;
        }
    }

    Path file() {
        return file;
    }

    private TokenText unused(List<Token> tokens) {
        TokenText text = TokenText.random(random);
        while (anyHas(tokens, text.id())) {
            text = TokenText.random(random);
        }
        return text;
    }

    private static boolean anyHas(List<Token> tokens, String id) {
        return tokens.stream().anyMatch(token -> token.id().equals(id));
    }

    private void write(FolderLock lock, List<Token> tokens) throws IOException {
        lock.write(
                file,
                DataFile.json(
                        new Document(VERSION, tokens.stream().map(TokenStore::entry).toList())));
    }

    private static Entry entry(Token token) {
        return new Entry(
                token.id(),
                token.name(),
                token.scope().word(),
                token.sha256(),
                token.created(),
                token.expires());
    }

    private static Token token(Entry entry) {
        return new Token(
                entry.id(),
                entry.name(),
                Scope.of(entry.scope())
                        .orElseThrow(() -> new IllegalArgumentException("no such scope")),
                entry.sha256(),
                entry.created(),
                entry.expires());
    }
}
