// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker.registry;

import io.hostagent.core.docker.ContainerDetails;
import java.util.Collection;

/**
 * The containers of this host that run or are paused, with their details, kept by the engine's
 * events. Reading costs nothing and never asks the engine; while the engine is away they stay as
 * they were last seen.
 */
public interface StartedContainers {

    /** All of them. A container that has just been started may be missing for a moment. */
    Collection<ContainerDetails> all();
}
