// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker;

/** A version of the Docker API, such as {@code 1.41}. */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {

    /**
     * Reads a version.
     *
     * @param text two numbers with a dot between them
     * @throws IllegalArgumentException when it is not that
     */
    public static ApiVersion parse(String text) {
        if (!text.matches("[0-9]{1,5}\\.[0-9]{1,5}")) {
            throw new IllegalArgumentException("'" + text + "' is no Docker API version");
        }
        int dot = text.indexOf('.');
        return new ApiVersion(
                Integer.parseInt(text.substring(0, dot)),
                Integer.parseInt(text.substring(dot + 1)));
    }

    @Override
    public int compareTo(ApiVersion other) {
        return major != other.major
                ? Integer.compare(major, other.major)
                : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
