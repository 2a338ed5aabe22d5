// SPDX-License-Identifier: Apache-2.0
/** PCI devices and their names. */
@NullMarked
package io.hostagent.capability.host.pci;

import org.jspecify.annotations.NullMarked;
