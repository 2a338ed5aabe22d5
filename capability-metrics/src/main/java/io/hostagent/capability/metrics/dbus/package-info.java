// SPDX-License-Identifier: Apache-2.0
/** As much of D-Bus as it takes to ask a service of the host for its properties. */
@NullMarked
package io.hostagent.capability.metrics.dbus;

import org.jspecify.annotations.NullMarked;
