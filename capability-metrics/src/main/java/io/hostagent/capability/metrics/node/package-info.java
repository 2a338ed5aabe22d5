// SPDX-License-Identifier: Apache-2.0
/** The host's numbers, under the names that node_exporter gave them. */
@NullMarked
package io.hostagent.capability.metrics.node;

import org.jspecify.annotations.NullMarked;
