// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.event;

/** Takes what happens to volumes. It is called with the lock of the volume and must not block. */
@FunctionalInterface
public interface VolumeEvents {

    /** Tells of something. */
    void publish(VolumeEvent event);
}
