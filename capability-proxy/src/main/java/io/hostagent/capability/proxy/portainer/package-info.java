// SPDX-License-Identifier: Apache-2.0
/** What a Portainer server expects of an agent besides the Docker API. */
@NullMarked
package io.hostagent.capability.proxy.portainer;

import org.jspecify.annotations.NullMarked;
