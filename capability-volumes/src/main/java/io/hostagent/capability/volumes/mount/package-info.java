// SPDX-License-Identifier: Apache-2.0
/** Which mounts of a volume there are, who has them, and whether the engine sees them. */
@NullMarked
package io.hostagent.capability.volumes.mount;

import org.jspecify.annotations.NullMarked;
