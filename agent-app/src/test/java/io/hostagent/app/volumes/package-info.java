// SPDX-License-Identifier: Apache-2.0
/** Volumes, by the docker client and by the agent's calls, on real engines. */
@NullMarked
package io.hostagent.app.volumes;

import org.jspecify.annotations.NullMarked;
