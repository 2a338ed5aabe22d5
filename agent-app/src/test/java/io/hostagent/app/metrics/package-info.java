// SPDX-License-Identifier: Apache-2.0
/** The agent's metrics beside those of the programs that it replaces, and beside the kernel. */
@NullMarked
package io.hostagent.app.metrics;

import org.jspecify.annotations.NullMarked;
