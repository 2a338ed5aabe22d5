// SPDX-License-Identifier: Apache-2.0
/** What one scrape found: families of samples, without a word on how they are written down. */
@NullMarked
package io.hostagent.capability.metrics.sample;

import org.jspecify.annotations.NullMarked;
