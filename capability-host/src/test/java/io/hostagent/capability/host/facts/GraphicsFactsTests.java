// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.fixture.RecordedHost;
import io.hostagent.core.json.JsonTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphicsFactsTests {

    @TempDir private Path folder = Path.of("");

    @Test
    void nameTheCards() throws IOException {
        Map<String, Object> graphics =
                GraphicsFacts.read(RecordedHost.in(folder).with("desktop.tree").files()).json();

        assertThat(JsonTree.list(graphics, "items"))
                .containsExactly(
                        Map.of(
                                "address", "0000:00:02.0",
                                "vendor", "Intel Corporation",
                                "name", "CoffeeLake-H GT2 [UHD Graphics 630]",
                                "driver", "i915"),
                        Map.of(
                                "address", "0000:01:00.0",
                                "vendor", "NVIDIA Corporation",
                                "name", "GA102 [GeForce RTX 3080]",
                                "driver", "nvidia",
                                "model", "NVIDIA GeForce RTX 3080"),
                        Map.of(
                                "address", "0000:03:00.0",
                                "vendor", "Advanced Micro Devices, Inc. [AMD/ATI]",
                                "name", "Navi 21 [Radeon RX 6800/6800 XT / 6900 XT]",
                                "driver", "amdgpu",
                                "memoryBytes", 17163091968L));
        assertThat(JsonTree.text(graphics, "nvidiaDriver")).isEqualTo("550.54.15");
        // It identifies the card wherever it is.
        assertThat(graphics.toString()).doesNotContain("UUID", "GPU-0");
    }

    @Test
    void areNoneWithoutACard() throws IOException {
        Map<String, Object> graphics =
                GraphicsFacts.read(RecordedHost.in(folder).with("microvm.tree").files()).json();

        assertThat(JsonTree.list(graphics, "items")).isEmpty();
        assertThat(graphics).containsKey("items").doesNotContainKey("nvidiaDriver");
    }
}
