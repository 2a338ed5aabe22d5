// SPDX-License-Identifier: Apache-2.0
/** The metrics of containers beside what the kernel and the engine say of them. */
@NullMarked
package io.hostagent.app.containers;

import org.jspecify.annotations.NullMarked;
