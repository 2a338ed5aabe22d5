// SPDX-License-Identifier: Apache-2.0
/** What Prometheus finds by the agent, and exporters in containers. */
@NullMarked
package io.hostagent.app.discovery;

import org.jspecify.annotations.NullMarked;
