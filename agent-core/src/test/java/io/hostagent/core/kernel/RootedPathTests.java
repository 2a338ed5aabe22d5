// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.fixture.RecordedHost;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootedPathTests {

    @TempDir private Path folder = Path.of("");

    /** As on NixOS; the same path without the host's root is that of the container. */
    @Test
    void followsAnAbsoluteLinkBelowTheRoot() {
        host().file("nix/store/x/os-release", "ID=nixos")
                .link("etc/static", "/nix/store/x")
                .link("etc/os-release", "/etc/static/os-release");

        assertThat(resolve("etc/os-release")).contains(folder.resolve("nix/store/x/os-release"));
    }

    @Test
    void followsARelativeLink() {
        host().file("usr/lib/os-release", "ID=debian")
                .link("etc/os-release", "../usr/lib/os-release");

        assertThat(resolve("etc/os-release")).contains(folder.resolve("usr/lib/os-release"));
    }

    @Test
    void doesNotClimbOutOfTheRoot() {
        host().link("etc/os-release", "../../../../../../../../../etc/passwd");

        assertThat(resolve("etc/os-release")).isEmpty();
    }

    @Test
    void givesUpOnLinksThatGoRoundInCircles() {
        host().link("etc/os-release", "/etc/os-release");

        assertThat(resolve("etc/os-release")).isEmpty();
    }

    @Test
    void leadsToNothingWhereNothingIs() {
        host();

        assertThat(resolve("etc/os-release")).isEmpty();
    }

    private RecordedHost host() {
        return RecordedHost.in(folder);
    }

    private Optional<Path> resolve(String path) {
        return RootedPath.resolve(folder, path);
    }
}
