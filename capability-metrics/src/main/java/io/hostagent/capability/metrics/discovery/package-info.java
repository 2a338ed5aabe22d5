// SPDX-License-Identifier: Apache-2.0
/** Tells Prometheus what there is to scrape in the whole cluster. */
@NullMarked
package io.hostagent.capability.metrics.discovery;

import org.jspecify.annotations.NullMarked;
