// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

/**
 * Why a node is missing in a merged list.
 *
 * @param why in a few words, for a person
 */
public record NodeFailure(String nodeName, Kind kind, String why) {

    /** What went wrong, for a metric. */
    public enum Kind {

        /** It could not be asked, did not answer, or stopped in the middle. */
        UNREACHABLE,

        /** It sent something else than a list. */
        MALFORMED,

        /** It, or its engine, answered with an error. */
        REFUSED
    }
}
