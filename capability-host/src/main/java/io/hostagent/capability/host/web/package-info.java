// SPDX-License-Identifier: Apache-2.0
/** The paths at which the host capability answers. */
@NullMarked
package io.hostagent.capability.host.web;

import org.jspecify.annotations.NullMarked;
