// SPDX-License-Identifier: Apache-2.0
/** What a volume plugin owes to its engine, and asks of it. */
@NullMarked
package io.hostagent.capability.volumes.engine;

import org.jspecify.annotations.NullMarked;
