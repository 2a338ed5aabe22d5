// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import io.hostagent.core.json.JsonTree;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The file of the bearer tokens. Changes hold the folder's lock, so that none gets lost. */
public final class TokenStore {

    private static final Long VERSION = 1L;

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
        Optional<Map<String, @Nullable Object>> read = DataFile.read(file);
        if (read.isEmpty()) {
            return List.of();
        }
        if (!VERSION.equals(JsonTree.number(read.get(), "version"))
                || !(read.get().get("tokens") instanceof List<?> entries)) {
            throw DataFile.damaged(file, "it is not of a kind that this agent knows");
        }
        try {
            return entries.stream().map(TokenStore::token).toList();
        } catch (IllegalArgumentException e) {
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
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", VERSION);
        document.put("tokens", tokens.stream().map(TokenStore::entry).toList());
        lock.write(file, JsonTree.writeIndented(document));
    }

    private static Map<String, @Nullable Object> entry(Token token) {
        Instant expires = token.expires();
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("id", token.id());
        entry.put("name", token.name());
        entry.put("scope", token.scope().word());
        entry.put("sha256", token.sha256());
        entry.put("created", token.created().toString());
        entry.put("expires", expires == null ? null : expires.toString());
        return entry;
    }

    private static Token token(Object entry) {
        if (!(entry instanceof Map<?, ?> fields)) {
            throw new IllegalArgumentException("not an object");
        }
        return new Token(
                required(DataFile.text(fields, "id")),
                DataFile.text(fields, "name"),
                Scope.of(required(DataFile.text(fields, "scope")))
                        .orElseThrow(() -> new IllegalArgumentException("no such scope")),
                required(DataFile.text(fields, "sha256")),
                required(DataFile.time(fields, "created")),
                DataFile.time(fields, "expires"));
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("something is missing");
        }
        return value;
    }
}
