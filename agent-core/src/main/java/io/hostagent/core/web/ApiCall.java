// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

/**
 * A call of the agent's own, as {@code docs/openapi.json} describes it.
 *
 * @param method such as {@code GET}
 * @param path such as {@code /v2/browse/ls}
 */
public record ApiCall(String method, String path) {}
