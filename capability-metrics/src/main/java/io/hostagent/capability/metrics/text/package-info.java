// SPDX-License-Identifier: Apache-2.0
/** Writes samples down in the text formats that Prometheus reads. */
@NullMarked
package io.hostagent.capability.metrics.text;

import org.jspecify.annotations.NullMarked;
