// SPDX-License-Identifier: Apache-2.0
/** The files of Docker volumes: on which node, and where there. */
@NullMarked
package io.hostagent.capability.proxy.volume;

import org.jspecify.annotations.NullMarked;
