// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

/**
 * Somebody who uses a volume.
 *
 * @param what {@code container}, {@code process}, {@code mount} (one that the engine was given and
 *     has not used yet) or {@code agent}
 * @param id of it: the container's, the number of the process, or the mount's
 * @param name for people to read
 */
public record VolumeUser(String what, String id, String name) {

    @Override
    public String toString() {
        return what + " " + (name.isEmpty() ? id : name);
    }
}
