// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.capability.proxy.docker.DockerObject.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DockerObjectTests {

    private static final String ID = "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @CsvSource({
        "/containers/web/json, CONTAINER, web",
        "/containers/web, CONTAINER, web",
        "/containers/web/attach/ws, CONTAINER, web",
        "/exec/12ab/start, EXEC, 12ab",
        "/images/nginx:1/json, IMAGE, nginx:1",
        "/images/registry.local:5000/team/app:1/history, IMAGE, registry.local:5000/team/app:1",
        "/images/team/json, IMAGE, team",
        "/images/team/app, IMAGE, team/app",
        "/volumes/data, VOLUME, data",
        "/networks/front/connect, NETWORK, front",
    })
    void aPathIsAboutOneThing(String path, Kind kind, String reference) {
        assertThat(DockerObject.of(path)).contains(new DockerObject(kind, reference));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/containers/json",
                "/containers/create",
                "/containers/prune",
                "/images/json",
                "/images/create",
                "/images/get",
                "/images/load",
                "/volumes",
                "/volumes/create",
                "/networks/prune",
                "/containers/",
                "/build",
                "/events",
                "/services/web"
            })
    void orAboutNone(String path) {
        assertThat(DockerObject.of(path)).isEqualTo(Optional.empty());
    }

    @Test
    void aNameIsEncodedForTheEngine() {
        assertThat(new DockerObject(Kind.IMAGE, "team/a b:1").inspectPath())
                .isEqualTo("/images/team/a%20b%3A1/json");
        assertThat(new DockerObject(Kind.VOLUME, "x?y").inspectPath()).isEqualTo("/volumes/x%3Fy");
    }

    @Test
    void theBeginningOfAnIdIsNoExactMatch() {
        DockerObject brief = new DockerObject(Kind.CONTAINER, ID.substring(0, 4));
        assertThat(brief.isExactly(ID)).isFalse();
        assertThat(brief.isExactly("f" + ID.substring(1))).isTrue();
        assertThat(new DockerObject(Kind.CONTAINER, ID.substring(0, 12)).isExactly(ID)).isTrue();
        assertThat(new DockerObject(Kind.CONTAINER, ID).isExactly(ID)).isTrue();
        assertThat(new DockerObject(Kind.IMAGE, ID.substring(0, 3)).isExactly("sha256:" + ID))
                .isFalse();
        assertThat(new DockerObject(Kind.VOLUME, "data").isExactly("")).isTrue();
    }

    @Test
    void theIdIsThatOfTheThingItself() {
        assertThat(DockerObject.id("{\"Mounts\":[{\"Id\":\"inner\"}],\"Id\":\"outer\"}"))
                .isEqualTo("outer");
        assertThat(DockerObject.id("{\"ID\":\"exec\"}")).isEqualTo("exec");
        assertThat(DockerObject.id("{\"Name\":\"data\"}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/services, true",
        "/services/x/logs, true",
        "/nodes, true",
        "/info, true",
        "/swarm, true",
        "/swarm/update, true",
        "/swarm/unlockkey, true",
        "/swarm/leave, false",
        "/swarm/join, false",
        "/swarm/init, false",
        "/servicesx, false",
        "/information, false",
        "/version, false",
        "/system/df, false"
    })
    void whatAManagerAnswersIsKnownByItsPath(String path, boolean manager) {
        assertThat(NodePaths.isManagers(path)).isEqualTo(manager);
    }
}
