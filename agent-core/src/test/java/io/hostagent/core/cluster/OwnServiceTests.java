// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class OwnServiceTests {

    @Test
    void theServiceIsInTheLabels() {
        assertThat(
                        OwnService.read(
                                """
                                {"Config":{"Labels":{"com.docker.swarm.service.id":"svc",
                                  "com.docker.swarm.service.name":"agent_agent"}},
                                 "HostConfig":{"NetworkMode":"default"},
                                 "NetworkSettings":{"Ports":{"9001/tcp":[{"HostIp":"0.0.0.0","HostPort":"9100"}]},
                                   "Networks":{
                                   "agents":{"NetworkID":"net1"},"other":{"NetworkID":""}}}}
                                """,
                                9001))
                .contains(new OwnService("svc", "agent_agent", Set.of("net1"), false, 9100));
        assertThat(OwnService.read("{\"Config\":{\"Labels\":{}}}", 9001)).isEmpty();
    }
}
