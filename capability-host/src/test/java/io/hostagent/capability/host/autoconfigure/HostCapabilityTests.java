// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.autoconfigure;

import io.hostagent.core.fixture.CapabilityContract;

class HostCapabilityTests extends CapabilityContract {

    HostCapabilityTests() {
        super(HostAutoConfiguration.class, "CAP_HOST_MANAGEMENT");
    }
}
