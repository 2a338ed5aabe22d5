// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.autoconfigure;

import io.hostagent.core.fixture.CapabilityContract;

class MetricsCapabilityTests extends CapabilityContract {

    MetricsCapabilityTests() {
        super(MetricsAutoConfiguration.class, "CAP_METRICS");
    }
}
