// SPDX-License-Identifier: Apache-2.0
/** Real Docker engines, on hosts of their own on this machine, for integration tests. */
@NullMarked
package io.hostagent.lab;

import org.jspecify.annotations.NullMarked;
