// SPDX-License-Identifier: Apache-2.0
/** The numbers of containers and of the machine, under the names that cAdvisor gave them. */
@NullMarked
package io.hostagent.capability.metrics.container;

import org.jspecify.annotations.NullMarked;
