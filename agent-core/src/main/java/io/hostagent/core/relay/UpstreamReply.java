// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

/** What came of an {@link UpstreamRequest}. */
public sealed interface UpstreamReply {

    /** An answer, of whatever status; its body is text. */
    record Whole(int status, String body) implements UpstreamReply {}

    /** The connection itself. */
    record Raw(RawStream stream) implements UpstreamReply {}
}
