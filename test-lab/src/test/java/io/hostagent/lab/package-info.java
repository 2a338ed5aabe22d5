// SPDX-License-Identifier: Apache-2.0
/** Tests of the lab itself. */
@NullMarked
package io.hostagent.lab;

import org.jspecify.annotations.NullMarked;
