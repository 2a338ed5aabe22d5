// SPDX-License-Identifier: Apache-2.0
/** The Docker API of this host, passed through. */
@NullMarked
package io.hostagent.capability.proxy.docker;

import org.jspecify.annotations.NullMarked;
