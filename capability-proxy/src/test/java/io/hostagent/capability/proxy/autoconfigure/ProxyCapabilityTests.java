// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.autoconfigure;

import io.hostagent.core.fixture.CapabilityContract;

class ProxyCapabilityTests extends CapabilityContract {

    ProxyCapabilityTests() {
        super(ProxyAutoConfiguration.class, "CAP_PROXY");
    }
}
