// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import io.hostagent.core.error.CallerException;
import io.hostagent.core.jail.Bounds;
import io.hostagent.core.jail.Jail;
import io.hostagent.core.jail.JailPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Files that can be browsed on this host.
 *
 * @param folder where they are, as this process sees it
 * @param bounds what their paths may do
 * @param prefix names that every path of a request begins with; none for a volume
 * @param recorded whether everything that is done with them leaves an audit line, reading included
 */
public record FileTree(Path folder, Bounds bounds, List<String> prefix, boolean recorded) {

    public FileTree {
        prefix = List.copyOf(prefix);
    }

    /** A volume. */
    public static FileTree volume(Path folder) {
        return new FileTree(folder, Bounds.VOLUME, List.of(), false);
    }

    /** The files of a whole host, which requests call {@code /host/...}. */
    public static FileTree host(Path folder) {
        return new FileTree(folder, Bounds.SYSTEM, List.of("host"), true);
    }

    Jail open() throws IOException {
        return Jail.open(folder, bounds);
    }

    /**
     * What a path of a request means.
     *
     * @throws CallerException 400 or 403 when it means nothing here
     */
    JailPath within(String path) {
        JailPath whole = JailPath.parse(path);
        int skipped = prefix.size();
        if (whole.elements().size() < skipped
                || !whole.elements().subList(0, skipped).equals(prefix)) {
            throw CallerException.forbidden(
                    "Invalid path",
                    "Only what is below /" + String.join("/", prefix) + " is served");
        }
        return new JailPath(whole.elements().subList(skipped, whole.elements().size()));
    }
}
