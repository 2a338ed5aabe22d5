// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.fixture.RecordedHost;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CgroupFinderTests {

    private static final String ID = Subjects.ID;

    @TempDir private Path folder = Path.of("");

    private RecordedHost version2() {
        return RecordedHost.in(folder).file("sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
    }

    private Optional<String> find(RecordedHost host, ContainerDetails container) {
        CgroupTree tree = CgroupTree.at(host.sys().resolve("fs/cgroup")).orElseThrow();
        return new CgroupFinder(tree, host.files()).path(container);
    }

    /** Driver and parent, and where the engine then makes the cgroup. */
    @ParameterizedTest
    @CsvSource({
        "'',          /docker/ID",
        "'',          /system.slice/docker-ID.scope",
        "/my/parent,  /my/parent/ID",
        "parent,      /parent/ID",
        "a-b.slice,   /a.slice/a-b.slice/docker-ID.scope",
        "user.slice,  /user.slice/docker-ID.scope",
        "'',          /machine.slice/libpod-ID.scope",
    })
    void looksWhereEnginesMakeThem(String parent, String path) {
        String expected = path.replace("ID", ID);

        assertThat(find(version2().folder("sys/fs/cgroup" + expected), Subjects.below(parent)))
                .contains(expected);
    }

    @Test
    void expandsSlices() {
        assertThat(CgroupFinder.slice("a-b-c.slice")).isEqualTo("/a.slice/a-b.slice/a-b-c.slice");
        assertThat(CgroupFinder.slice("/x/machine.slice")).isEqualTo("/machine.slice");
    }

    /** An engine with a parent of its own tells it to nobody. */
    @Test
    void believesTheProcessOfTheContainer() {
        RecordedHost host =
                version2()
                        .folder("sys/fs/cgroup/lab/e26/" + ID)
                        .file("proc/4711/cgroup", "0::/lab/e26/" + ID + "\n");

        assertThat(find(host, Subjects.recorded())).contains("/lab/e26/" + ID);
    }

    /** An agent with a cgroup namespace of its own reads a path that leads nowhere. */
    @Test
    void looksThroughAllWhereThePathIsRelative() {
        RecordedHost host =
                version2()
                        .folder("sys/fs/cgroup/docker/outer/docker/deep/" + ID)
                        .file("proc/4711/cgroup", "0::/../../docker/deep/" + ID + "\n");

        assertThat(find(host, Subjects.recorded())).contains("/docker/outer/docker/deep/" + ID);
    }

    @Test
    void looksFirstWhereItFoundOneBefore() {
        RecordedHost host =
                version2()
                        .folder("sys/fs/cgroup/lab/" + ID)
                        .file("proc/4711/cgroup", "0::/lab/" + ID + "\n");
        CgroupFinder finder =
                new CgroupFinder(
                        CgroupTree.at(host.sys().resolve("fs/cgroup")).orElseThrow(), host.files());
        assertThat(finder.path(Subjects.recorded())).isPresent();
        String next = "b".repeat(64);
        host.folder("sys/fs/cgroup/lab/" + next);

        // Neither its process tells, nor is it a usual place, and all were not looked through.
        assertThat(finder.path(Subjects.container(next, 99, "bridge", Map.of())))
                .contains("/lab/" + next);
    }

    @Test
    void findsNothingOfAContainerThatIsGone() {
        assertThat(find(version2(), Subjects.recorded())).isEmpty();
    }

    @Test
    void knowsControllersThatShareAFolder() {
        RecordedHost host =
                RecordedHost.in(folder)
                        .folder("sys/fs/cgroup/cpu,cpuacct/docker/" + ID)
                        .folder("sys/fs/cgroup/memory");
        CgroupTree tree = CgroupTree.at(host.sys().resolve("fs/cgroup")).orElseThrow();

        assertThat(tree.split()).isTrue();
        assertThat(tree.unified()).isEmpty();
        assertThat(tree.folder("cpuacct", "/docker/" + ID))
                .contains(folder.resolve("sys/fs/cgroup/cpu,cpuacct/docker/" + ID));
        assertThat(tree.folder("memory", "/docker/" + ID)).isEmpty();
        assertThat(new CgroupFinder(tree, host.files()).path(Subjects.recorded()))
                .contains("/docker/" + ID);
    }

    @Test
    void takesNoMonitorOfPodmanForAContainer() {
        assertThat(CgroupFinder.idOf("/machine.slice/libpod-conmon-" + ID + ".scope")).isEmpty();
        assertThat(CgroupFinder.idOf("/machine.slice/libpod-" + ID + ".scope")).contains(ID);
        assertThat(CgroupFinder.idOf("/system.slice/ssh.service")).isEmpty();
    }
}
