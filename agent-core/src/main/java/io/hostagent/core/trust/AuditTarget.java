// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What of a request's URI is recorded: its path, and the names of its parameters without their
 * values, which can be secrets (build arguments, say).
 */
final class AuditTarget {

    private static final Pattern AUTHORITY = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://[^/?]*");

    private AuditTarget() {}

    static String of(String uri) {
        String local = AUTHORITY.matcher(uri).replaceFirst("");
        int query = local.indexOf('?');
        if (query < 0) {
            return local;
        }
        String names =
                Arrays.stream(local.substring(query + 1).split("[&;]"))
                        .map(parameter -> parameter.split("=", 2)[0])
                        .filter(name -> !name.isEmpty())
                        .distinct()
                        .collect(Collectors.joining("&"));
        return local.substring(0, query) + (names.isEmpty() ? "" : "?" + names);
    }
}
