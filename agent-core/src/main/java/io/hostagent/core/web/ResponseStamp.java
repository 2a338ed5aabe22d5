// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.netty.handler.codec.http.HttpHeaders;

/** Adds the headers that every response of the agent carries, refusals included. */
@FunctionalInterface
public interface ResponseStamp {

    /** Sets the headers; called once for each response, on its event loop. */
    void apply(HttpHeaders headers);
}
