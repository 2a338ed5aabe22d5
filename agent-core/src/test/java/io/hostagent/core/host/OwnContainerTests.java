// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OwnContainerTests {

    private static final String ID = "0123456789abcdef".repeat(4);

    @Test
    void theIdIsInWhatTheEngineMounts() {
        assertThat(
                        OwnContainer.id(
                                """
                                1 0 0:40 / / rw - overlay overlay rw,upperdir=/var/lib/docker/overlay2/x/diff
                                2 1 254:1 /data/docker/containers/%s/hostname /etc/hostname rw - ext4 /dev/vda rw
                                """
                                        .formatted(ID)))
                .contains(ID);
    }

    @Test
    void aProcessOfTheHostIsInNoContainer() {
        assertThat(OwnContainer.id("1 0 8:1 / / rw - ext4 /dev/sda1 rw\n")).isEmpty();
    }

    /** A folder of another container that is mounted is not this one. */
    @Test
    void theEnginesFolderOnTheHostIsNotAContainersOwn() {
        assertThat(
                        OwnContainer.id(
                                "3 1 8:1 /var/lib/docker/containers/"
                                        + ID
                                        + " /logs rw - ext4 /dev/sda1 rw\n"))
                .isEmpty();
    }
}
