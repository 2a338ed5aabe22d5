// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import io.hostagent.core.jail.Handle;
import io.hostagent.core.jail.Jail;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;

/**
 * Reads trees that only their capability can find, such as snapshots, and by no way out of them.
 * The calls block, and fail with an {@link io.hostagent.core.error.AgentException}.
 */
public final class TreeReader {

    private final NameRoom names = new NameRoom();

    /** What is in a folder, with details, as {@code /v2/browse/ls} shows it. */
    public Download listing(FileTree tree, String path) {
        try (Jail jail = tree.open()) {
            Handle folder = jail.folder(tree.within(path));
            try {
                return new Download(
                        Download.head(
                                200,
                                new DefaultHttpHeaders()
                                        .set(HttpHeaderNames.CONTENT_TYPE, "application/json")),
                        new Listing(folder, true, names.new Share()));
            } catch (IOException e) {
                folder.close();
                throw e;
            }
        } catch (IOException e) {
            throw Failures.known("Unable to list files inside specified directory", e);
        }
    }

    /**
     * A file.
     *
     * @param request headers, which may ask for a part of it
     */
    public Download file(FileTree tree, String path, HttpHeaders request) {
        try {
            return Download.of(tree, tree.within(path), request, true);
        } catch (IOException e) {
            throw Failures.known("Unable to open file", e);
        }
    }
}
