// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.capability.volumes.volume.FileSystemType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LoopXfsBackendTests extends LoopContract {

    LoopXfsBackendTests() {
        super(FileSystemType.XFS);
    }

    @Override
    void assumeItMayGrowInUse() {}

    @Test
    void sharesBytesWithASnapshotWhereThePoolCan() throws IOException {
        Path pool = files.mounted("pool-xfs", "600M", "mkfs.xfs", "-q");
        backend = make(pool, new Tools());
        Path data = attached();
        fill(data.resolve("file"), 200 * MB);
        RealFiles.run("sync", "-f", data.toString());

        for (int i = 0; i < 5; i++) {
            backend.snapshot(id, "s" + i, point());
        }

        assertThat(backend.probe().snapshots()).isEqualTo(Probe.Snapshots.COW);
        assertThat(backend.snapshots(id)).hasSize(5);
        Files.delete(data.resolve("file"));
    }
}
