// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.fixture.RecordedHost;
import io.hostagent.core.json.JsonTree;
import io.hostagent.core.kernel.FileSystemSpace;
import io.hostagent.core.kernel.SpaceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSystemFactsTests {

    private static final String CONTAINER =
            "1 0 0:61 / / rw - overlay overlay rw\n2 1 8:1 /h /etc/hosts rw - ext4 /dev/sda1 rw\n";

    @TempDir private Path folder = Path.of("");

    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    @Test
    void areAskedThroughTheHostsRoot() throws IOException {
        RecordedHost host = RecordedHost.in(folder);
        String root = folder.resolve("host").toString();
        host.file(
                        "host/proc/1/mountinfo",
                        """
                        27 1 8:1 / / rw - ext4 /dev/sda1 rw
                        28 27 8:2 / /my\\040data rw - xfs /dev/sda2 rw
                        29 27 0:50 / /late rw - nfs4 srv:/late rw
                        """)
                .file(
                        "proc/self/mountinfo",
                        CONTAINER
                                + "3 1 8:1 / /host ro - ext4 /dev/sda1 rw\n"
                                + "4 1 8:1 / %s ro - ext4 /dev/sda1 rw\n".formatted(root)
                                + "5 4 8:2 / %s/my\\040data ro - xfs /dev/sda2 rw\n"
                                        .formatted(root));

        Object facts = read(host);

        assertThat(asked).containsExactly(root, root + "/my data");
        assertThat(JsonTree.list(facts, "items"))
                .extracting(item -> JsonTree.text(item, "mountPoint"))
                .containsExactly("/", "/my data");
        assertThat(JsonTree.list(facts, "items"))
                .allSatisfy(
                        item -> {
                            assertThat(JsonTree.at(item, "sizeBytes")).isEqualTo(5L);
                            assertThat(JsonTree.at(item, "availableBytes")).isEqualTo(3L);
                            assertThat(JsonTree.at(item, "filesFree")).isEqualTo(1L);
                        });
        assertThat(JsonTree.list(facts, "absent"))
                .singleElement()
                .satisfies(
                        absence -> {
                            assertThat(JsonTree.text(absence, "what")).isEqualTo("/late");
                            assertThat(JsonTree.text(absence, "remedy")).contains("rslave");
                        });
    }

    @Test
    void areAbsentWithoutTheHostsRoot() throws IOException {
        RecordedHost host = RecordedHost.in(folder).file("proc/self/mountinfo", CONTAINER);

        Object facts = read(host);

        assertThat(asked).isEmpty();
        assertThat(JsonTree.at(facts, "items")).isNull();
        assertThat(JsonTree.list(facts, "absent")).asString().contains("-v /:/host:ro");
    }

    private Object read(RecordedHost host) throws IOException {
        return new FileSystemFacts(host.hostRoot(), new SpaceReader(this::call))
                .read(host.files())
                .json();
    }

    private FileSystemSpace call(String path) {
        asked.add(path);
        return new FileSystemSpace(5, 4, 3, 2, 1);
    }
}
