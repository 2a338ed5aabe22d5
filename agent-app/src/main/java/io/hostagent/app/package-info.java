// SPDX-License-Identifier: Apache-2.0
/** The agent itself: it assembles the capabilities and starts them. */
@NullMarked
package io.hostagent.app;

import org.jspecify.annotations.NullMarked;
