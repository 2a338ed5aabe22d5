// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

/**
 * How much a volume holds.
 *
 * @param used bytes
 * @param limit bytes; 0 when there is none
 */
public record Usage(long used, long limit) {}
