// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real mounts in real namespaces. */
class MountScanTests {

    private final MountScan scan = new MountScan();
    private final MountLab lab;

    MountScanTests() throws Exception {
        lab = new MountLab();
    }

    @AfterEach
    void close() throws Exception {
        lab.close();
    }

    private List<Found> uses() throws Exception {
        return scan.of(lab.target()).stream().filter(Found::isUse).toList();
    }

    @Test
    void findsNothingWhereNothingIsMounted() throws Exception {
        assertThat(scan.of(lab.target())).isEmpty();
    }

    @Test
    void knowsTheAgentsOwnMountFromAUse() throws Exception {
        lab.mount();

        assertThat(scan.of(lab.target()))
                .singleElement()
                .satisfies(
                        found -> {
                            assertThat(found.isUse()).isFalse();
                            assertThat(found.mount().point()).isEqualTo(lab.point.toString());
                        });
        assertThat(Target.mountedAt(lab.point)).contains(lab.target());
        assertThat(Target.mountedAt(lab.base.resolve("elsewhere"))).isEmpty();
    }

    @Test
    void takesWhatSpreadsFromTheOwnMountForNoUse() throws Exception {
        lab.inNamespace("slave", "true");
        lab.inNamespace("shared", "true");
        lab.mount();
        lab.inNamespace("slave", "unshare --mount --propagation slave sleep 600 >&2 &");
        await().atMost(Duration.ofSeconds(10)).until(() -> scan.of(lab.target()).size() >= 5);

        assertThat(uses()).isEmpty();

        MountLab.run("umount", lab.point.toString());
        assertThat(scan.of(lab.target())).isEmpty();
    }

    @Test
    void findsACopyThatStaysWhenTheOwnMountGoes() throws Exception {
        lab.mount();
        Process keeper = lab.inNamespace("private", "true");

        assertThat(uses()).singleElement().satisfies(found -> isOf(keeper, lab.point, found));

        MountLab.run("umount", lab.point.toString());
        assertThat(uses()).singleElement().satisfies(found -> isOf(keeper, lab.point, found));
    }

    @Test
    void findsWhatAContainerIsGiven() throws Exception {
        lab.mount();
        Path inContainer = lab.base.resolve("elsewhere");
        Process container =
                lab.inNamespace(
                        "slave", "mount --bind " + lab.point.resolve("_data") + " " + inContainer);

        assertThat(uses()).singleElement().satisfies(found -> isOf(container, inContainer, found));
        assertThat(uses().getFirst().toString())
                .isEqualTo("process " + container.pid() + " (cat) at " + inContainer);
    }

    @Test
    void findsAProcessWhoseFirstThreadHasEnded() throws Exception {
        lab.mount();
        Process keeper =
                lab.inNamespace(
                        "private",
                        """
                        exec perl -e '
                            use threads;
                            $| = 1;
                            threads->create(sub { print "ready\n"; sleep 600 });
                            syscall(60, 0);'
                        """);
        await().atMost(Duration.ofSeconds(10)).until(() -> isZombie(keeper));

        assertThat(uses()).singleElement().extracting(Found::mount).isNotNull();
        MountLab.run("umount", lab.point.toString());
        assertThat(uses())
                .singleElement()
                .satisfies(
                        found -> assertThat(found.toString()).contains("(perl) at " + lab.point));
    }

    /** See proc_pid_stat(5). */
    private static boolean isZombie(Process process) throws IOException {
        String stat = Files.readString(Path.of("/proc", process.pid() + "", "stat"));
        return stat.contains(") Z ");
    }

    @Test
    void takesACopyBelowTheWholeHostForNoUse() throws Exception {
        Path host = lab.base.resolve("elsewhere");
        lab.inNamespace("slave", "mount --rbind / %1$s; mount --make-rslave %1$s".formatted(host));
        lab.mount();
        lab.inNamespace("slave", "mount --rbind / %1$s; mount --make-rslave %1$s".formatted(host));

        assertThat(scan.of(lab.target()))
                .filteredOn(found -> found.mount().point().equals(host + lab.point.toString()))
                .hasSize(2);
        assertThat(uses()).isEmpty();

        MountLab.run("umount", lab.point.toString());
        assertThat(scan.of(lab.target())).isEmpty();
    }

    @Test
    void findsACopyBelowTheWholeHostThatStays() throws Exception {
        Path host = lab.base.resolve("elsewhere");
        lab.mount();
        Process keeper =
                lab.inNamespace(
                        "slave",
                        "mount --rbind / %1$s; mount --make-rprivate %1$s".formatted(host));

        assertThat(uses())
                .singleElement()
                .satisfies(found -> isOf(keeper, Path.of(host + lab.point.toString()), found));
        MountLab.run("umount", lab.point.toString());
        assertThat(uses()).hasSize(1);
    }

    @Test
    void findsACopyThatSomethingElseIsMountedBelow() throws Exception {
        lab.mount();
        Process keeper = lab.inNamespace("slave", "mount -t tmpfs x " + lab.point.resolve("_data"));

        assertThat(uses()).singleElement().satisfies(found -> isOf(keeper, lab.point, found));
        MountLab.run("umount", lab.point.toString());
        assertThat(uses()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"slave", "private", "shared"})
    void findsWhatSomebodyMountedHoweverThatSpreads(String propagation) throws Exception {
        lab.mount();
        Path whole = lab.base.resolve("elsewhere");
        Path part = lab.base.resolve("part");
        Files.createDirectories(part);
        lab.inNamespace(
                "slave",
                """
                mount --bind %1$s %2$s
                mount --make-%5$s %2$s
                mount --bind %3$s %4$s
                mount --make-%5$s %4$s
                """
                        .formatted(
                                lab.point, whole, lab.point.resolve("_data"), part, propagation));

        assertThat(uses())
                .extracting(found -> found.mount().point())
                .containsExactlyInAnyOrder(whole.toString(), part.toString());
        MountLab.run("umount", lab.point.toString());
        assertThat(uses()).hasSize(2);
    }

    @Test
    void findsAPartOfAVolumeInAContainerWithARootOfItsOwn() throws Exception {
        lab.mount();
        Files.createDirectories(lab.tree.resolve("_data/sub"));
        Process container =
                lab.inNamespace(
                        "private",
                        """
                        umount %1$s
                        mount -t tmpfs root %2$s
                        mkdir -p %2$s/old %2$s/data
                        mount --bind %3$s/_data/sub %2$s/data
                        cd %2$s
                        exec 3>&1
                        """
                                .formatted(lab.point, lab.base.resolve("elsewhere"), lab.tree));

        assertThat(uses())
                .singleElement()
                .satisfies(found -> isOf(container, lab.base.resolve("elsewhere/data"), found));
    }

    @Test
    void findsAnotherMountInTheAgentsOwnNamespace() throws Exception {
        lab.mount();
        MountLab.run(
                "mount", "--bind", lab.point.toString(), lab.base.resolve("elsewhere").toString());

        assertThat(uses())
                .singleElement()
                .satisfies(
                        found ->
                                assertThat(found.mount().point())
                                        .isEqualTo(lab.base.resolve("elsewhere").toString()));
    }

    @Test
    void passesOverAProcessThatNobodyHasWaitedFor() throws Exception {
        // The shell becomes another program, which does not wait for the shell's child.
        Process parent = lab.inNamespace("private", "sleep 0.3 &");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> parent.children().anyMatch(MountScanTests::isZombie));

        assertThat(scan.of(lab.target())).isEmpty();
    }

    private static boolean isZombie(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/stat")).contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void looksForSeveralVolumesAtOnce() throws Exception {
        lab.mount();
        Path other = lab.base.resolve("pool/other/tree");
        Files.createDirectories(other);
        Target another = Target.of(other, lab.base.resolve("mounts/other"));
        lab.inNamespace("slave", "mount --bind " + other + " " + lab.base.resolve("elsewhere"));

        var found = scan.of(List.of(lab.target(), another, lab.target()));

        assertThat(found).containsOnlyKeys(lab.target(), another);
        assertThat(found.get(lab.target())).noneMatch(Found::isUse);
        assertThat(found.get(another)).singleElement().matches(Found::isUse);
    }

    private static void isOf(Process process, Path point, Found found) {
        assertThat(found.pid()).isEqualTo((int) process.pid());
        assertThat(found.mount().point()).isEqualTo(point.toString());
        assertThat(found.container()).isEmpty();
    }
}
