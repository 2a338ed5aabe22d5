// SPDX-License-Identifier: Apache-2.0
/** Passes a scrape through to an exporter inside a container. */
@NullMarked
package io.hostagent.capability.metrics.exporter;

import org.jspecify.annotations.NullMarked;
