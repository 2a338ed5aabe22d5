// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.autoconfigure;

import io.hostagent.core.fixture.CapabilityContract;

class VolumesCapabilityTests extends CapabilityContract {

    VolumesCapabilityTests() {
        super(VolumesAutoConfiguration.class, "CAP_VOLUMES");
    }
}
