// SPDX-License-Identifier: Apache-2.0
/** The agent's certificate and the TLS of its listener. */
@NullMarked
package io.hostagent.core.tls;

import org.jspecify.annotations.NullMarked;
