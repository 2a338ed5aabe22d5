// SPDX-License-Identifier: Apache-2.0
/** The paths and ports at which metrics are served. */
@NullMarked
package io.hostagent.capability.metrics.web;

import org.jspecify.annotations.NullMarked;
