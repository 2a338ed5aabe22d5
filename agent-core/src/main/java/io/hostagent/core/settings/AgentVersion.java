// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The version that the build noted down. */
public final class AgentVersion {

    private AgentVersion() {}

    /** Such as {@code 0.1.0}; in words where no build did, as in an IDE. */
    public static String read() {
        Properties build = new Properties();
        try (@Nullable InputStream in =
                AgentVersion.class.getResourceAsStream("/META-INF/build-info.properties")) {
            if (in != null) {
                build.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return build.getProperty("build.version", "of an unknown build");
    }
}
