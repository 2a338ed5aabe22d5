// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import io.hostagent.lab.DockerHost;
import io.hostagent.lab.LabEngine;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A test class that is run once with engine 20.10 and once with engine 26.1. */
@ParameterizedClass(name = "engine {0}")
@ValueSource(strings = {"20", "26"})
@Timeout(value = 150, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class OnBothEngines {

    static final String WORKLOAD = "lab/workload:1";

    @LabEngine("20")
    @SuppressWarnings("NullAway.Init") // set by the lab
    private DockerHost old;

    @LabEngine("26")
    @SuppressWarnings("NullAway.Init") // set by the lab
    private DockerHost current;

    @Parameter
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private String engine;

    /** The version of the engine, which is also that of the client made for it. */
    String engine() {
        return engine;
    }

    DockerHost host() {
        return engine.equals("20") ? old : current;
    }

    TwoWays ways() {
        return TwoWays.to(host());
    }

    /** The next test finds the engine as this one did, however this one ended. */
    @AfterEach
    void removeContainers() {
        ways().removeContainers();
    }
}
