// SPDX-License-Identifier: Apache-2.0
/** Asks all sources of metrics once for everybody who scrapes at the same time. */
@NullMarked
package io.hostagent.capability.metrics.scrape;

import org.jspecify.annotations.NullMarked;
