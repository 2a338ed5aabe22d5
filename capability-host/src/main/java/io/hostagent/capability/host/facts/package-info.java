// SPDX-License-Identifier: Apache-2.0
/** What is known about the host, part by part. */
@NullMarked
package io.hostagent.capability.host.facts;

import org.jspecify.annotations.NullMarked;
