// SPDX-License-Identifier: Apache-2.0
/** JSON without classes to bind it to. */
@NullMarked
package io.hostagent.core.json;

import org.jspecify.annotations.NullMarked;
