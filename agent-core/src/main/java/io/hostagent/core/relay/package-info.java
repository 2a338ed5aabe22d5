// SPDX-License-Identifier: Apache-2.0
/** Passes requests and raw byte streams to another server, unread and with back-pressure. */
@NullMarked
package io.hostagent.core.relay;

import org.jspecify.annotations.NullMarked;
