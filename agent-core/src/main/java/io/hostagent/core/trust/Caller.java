// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

/**
 * Somebody who was let in.
 *
 * @param id fit for a log: {@code key:} and a short fingerprint, {@code token:} and its name, or
 *     {@code agent:} and its host; {@code via agent:} and a host follows when that agent passed the
 *     request on
 * @param scope how much it may do
 */
public record Caller(String id, Scope scope) {}
