// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static io.hostagent.app.files.FilesClient.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.files.FilesClient;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files of a volume on one node, asked for at the others. */
class SwarmBrowseIT extends OnSwarm {

    private static final String VOLUME = "swarm-browse-it";
    private static final String TARGET = "X-PortainerAgent-Target";

    @BeforeEach
    void makeVolume() {
        last.host().cli().run("volume", "create", VOLUME).orThrow();
    }

    @AfterEach
    void removeVolume() {
        for (NodeAgent agent : swarm().agents()) {
            agent.host().cli().run("volume", "rm", "--force", VOLUME).orThrow();
        }
    }

    private static FilesClient at(NodeAgent agent) {
        return new FilesClient(
                agent.host().address() + ":" + NodeAgent.PORT,
                agent.key().headers(agent.secret()),
                VOLUME);
    }

    @Test
    void aVolumeIsBrowsedThroughAnyNode() {
        byte[] content = new byte[3_000_000];
        FilesClient named = at(manager).with(TARGET, last.name());

        HttpResponse<byte[]> saved = named.put("/d", "f", content);

        assertThat(text(saved)).isEqualTo("204 ");
        assertThat(saved.headers().firstValue("X-HostAgent-Node")).contains(last.name());
        for (NodeAgent agent : swarm().agents()) {
            HttpResponse<byte[]> got = at(agent).ask("GET", "get", "/d/f");
            assertThat(got.statusCode()).as("without a name, at %s", agent).isEqualTo(200);
            assertThat(got.body()).isEqualTo(content);
        }
        assertThat(text(at(first).with("Range", "bytes=0-0").ask("GET", "get", "/d/f")))
                .startsWith("206");
        assertThat(at(first).rename("/d/f", "/d/g").statusCode()).isEqualTo(204);
        assertThat(text(at(first).ask("DELETE", "delete", "/d/g"))).isEqualTo("204 ");
    }

    @Test
    void aNodeThatIsNamedIsTheOneThatAnswers() {
        first.host().cli().run("volume", "create", VOLUME).orThrow();
        assertThat(at(last).put("/", "here", "last".getBytes(UTF_8)).statusCode()).isEqualTo(204);

        assertThat(at(first).list("/")).isEmpty();
        assertThat(at(first).with(TARGET, last.name()).list("/")).hasSize(1);
        assertThat(text(at(manager).ask("GET", "ls", "/")))
                .as("a volume of two nodes, at a third")
                .startsWith("409");
        assertThat(text(at(manager).with(TARGET, "nobody").ask("GET", "ls", "/")))
                .startsWith("500")
                .contains("Unable to find the targeted agent");
    }

    @Test
    void theHostsFilesOfANodeAreOffThereToo() {
        FilesClient files = at(first).in("").with(TARGET, last.name());
        assertThat(text(files.ask("GET", "ls", "/host"))).contains("CAP_HOST_MANAGEMENT=1");
        assertThat(text(new FilesClient(files.address(), Map.of(), VOLUME).ask("GET", "ls", "/")))
                .startsWith("403");
    }
}
