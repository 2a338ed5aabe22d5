// SPDX-License-Identifier: Apache-2.0
/** Block devices: the disks of a host and what is built upon them. */
@NullMarked
package io.hostagent.capability.host.disk;

import org.jspecify.annotations.NullMarked;
