// SPDX-License-Identifier: Apache-2.0
/** The only place that knows docker-java. */
@NullMarked
package io.hostagent.core.docker.client;

import org.jspecify.annotations.NullMarked;
