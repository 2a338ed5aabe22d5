// SPDX-License-Identifier: Apache-2.0
/** What can be done with volumes on this host. */
@NullMarked
package io.hostagent.capability.volumes.service;

import org.jspecify.annotations.NullMarked;
