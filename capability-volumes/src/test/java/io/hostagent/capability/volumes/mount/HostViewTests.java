// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.mount;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.hostagent.core.settings.EngineAddress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.netty.resources.LoopResources;

/** Engines that are processes with namespaces of their own. */
class HostViewTests {

    private static final String PLUGIN = "0123456789abcdef".repeat(4);

    private final LoopResources loops = LoopResources.create("view-test", 1, true);
    private final MountLab lab;
    private final Path socket;
    private final HostView view;

    HostViewTests() throws Exception {
        lab = new MountLab();
        socket = lab.base.resolve("docker.sock");
        view = view(new EngineAddress.UnixSocket(socket));
    }

    @AfterEach
    void close() throws Exception {
        lab.close();
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(Duration.ofSeconds(10));
    }

    private HostView view(EngineAddress engine) {
        return new HostView(engine, () -> loops.onClient(true).next());
    }

    @Test
    void seesAMountThatReachesTheEngine() throws Exception {
        lab.engine("slave", "true", socket);
        lab.mount();

        assertThatCode(() -> view.verify(lab.point, lab.id)).doesNotThrowAnyException();
        assertThat(view.missing(lab.base)).isEmpty();
        assertThat(view.missing(lab.base.resolve("not/yet"))).isEmpty();
    }

    @Test
    void refusesAMountThatTheEngineDoesNotSee() throws Exception {
        lab.engine("private", "true", socket);
        lab.mount();

        assertThatIOException()
                .isThrownBy(() -> view.verify(lab.point, lab.id))
                .withMessageContainingAll("does not see", ":rshared");
        assertThat(view.missing(lab.base).orElseThrow().remedy()).contains(":rshared");
    }

    @Test
    void refusesWhatIsNotMountedHere() throws Exception {
        lab.engine("slave", "true", socket);

        assertThatIOException()
                .isThrownBy(() -> view.verify(lab.point, lab.id))
                .withMessageContaining("nothing is mounted");
    }

    @Test
    void refusesAnotherVolume() throws Exception {
        lab.engine("slave", "true", socket);
        lab.mount();

        assertThatIOException()
                .isThrownBy(() -> view.verify(lab.point, UUID.randomUUID()))
                .withMessageContaining("is the volume " + lab.id);
        Files.delete(lab.tree.resolve(".volume-id"));
        assertThatIOException()
                .isThrownBy(() -> view.verify(lab.point, lab.id))
                .withMessageContaining("is no volume");
    }

    @Test
    void refusesAnotherMountInItsPlace() throws Exception {
        lab.mount();
        lab.engine(
                "private",
                "mount -t tmpfs x %1$s; echo %2$s > %1$s/.volume-id".formatted(lab.point, lab.id),
                socket);

        assertThatIOException()
                .isThrownBy(() -> view.verify(lab.point, lab.id))
                .withMessageContaining("another mount");
    }

    @Test
    void refusesAMountThatTheEngineHasHidden() throws Exception {
        lab.mount();
        lab.engine("private", "mount -t tmpfs x " + lab.base.resolve("mounts"), socket);

        assertThatIOException().isThrownBy(() -> view.verify(lab.point, lab.id));
    }

    @Test
    void needsNoSharedMountInTheNamespaceOfTheEngine() throws Exception {
        MountLab.run("mount", "--make-private", lab.base.toString());
        try (ServerSocketChannel own = listen(50)) {
            lab.mount();

            assertThatCode(() -> view.verify(lab.point, lab.id)).doesNotThrowAnyException();
            assertThat(view.missing(lab.base)).isEmpty();
            assertThat(own.isOpen()).isTrue();
        }
    }

    @Test
    void findsTheMountOfAManagedPluginInTheEnginesFolderForIt() throws Exception {
        share("plugins/" + PLUGIN + "/propagated-mount");
        HostView managed = managed();
        lab.engine("unchanged", hide(lab.base.resolve("mounts")), socket);
        lab.mount();

        assertThatCode(() -> managed.verify(lab.point, lab.id)).doesNotThrowAnyException();
        assertThat(managed.missing(lab.base.resolve("mounts"))).isEmpty();
        assertThat(managed.missing(lab.base.resolve("pool"))).isPresent();
        assertThatIOException()
                .isThrownBy(() -> managed.verify(lab.point, UUID.randomUUID()))
                .withMessageContaining("is the volume " + lab.id);
        assertThatIOException()
                .as("an agent that is no managed plugin")
                .isThrownBy(() -> view.verify(lab.point, lab.id))
                .withMessageContainingAll("does not see", ":rshared");
    }

    @Test
    void refusesTheMountOfAManagedPluginThatTheEngineDoesNotSee() throws Exception {
        share("plugins/" + PLUGIN + "/propagated-mount");
        lab.engine("private", "true", socket);
        lab.mount();

        refusesAsManaged();
    }

    @Test
    void refusesTheMountOfAManagedPluginThatTheEngineHasHidden() throws Exception {
        share("plugins/" + PLUGIN + "/propagated-mount");
        lab.mount();
        lab.engine(
                "unchanged",
                "mount --make-private %1$s; mount -t tmpfs x %1$s/plugins".formatted(lab.base),
                socket);

        assertThatIOException().isThrownBy(() -> managed().verify(lab.point, lab.id));
    }

    @Test
    void takesNoOtherSharedFolderForTheEnginesOwn() throws Exception {
        share("containers/" + PLUGIN + "/propagated-mount");
        lab.engine("unchanged", hide(lab.base.resolve("mounts")), socket);
        lab.mount();

        refusesAsManaged();
    }

    @Test
    void isNoManagedPluginWithoutAFolderOfTheEngine() throws Exception {
        lab.engine("slave", "true", socket);
        lab.mount();

        refusesAsManaged();
    }

    private void refusesAsManaged() {
        assertThatIOException()
                .isThrownBy(() -> managed().verify(lab.point, lab.id))
                .withMessageContainingAll("does not see", "propagatedMount");
        assertThat(managed().missing(lab.base.resolve("mounts")).orElseThrow().remedy())
                .contains("propagatedMount");
    }

    private HostView managed() {
        return HostView.ofManagedPlugin(
                new EngineAddress.UnixSocket(socket),
                lab.base.resolve("mounts"),
                () -> loops.onClient(true).next());
    }

    /** Has what is mounted in the folder of mounts appear in another, as engines do for plugins. */
    private void share(String folder) throws Exception {
        Path shared = lab.base.resolve(folder);
        Files.createDirectories(shared.resolve(lab.id.toString()));
        MountLab.run("mount", "--bind", shared.toString(), shared.toString());
        MountLab.run("mount", "--bind", shared.toString(), lab.base.resolve("mounts").toString());
    }

    /** Takes a mount away from the engine alone. */
    private String hide(Path mount) {
        return "mount --make-private %s; umount %s".formatted(lab.base, mount);
    }

    @Test
    void findsAnEngineThatWasStartedAgain() throws Exception {
        Process first = lab.engine("private", "true", socket);
        lab.mount();
        assertThatIOException().isThrownBy(() -> view.verify(lab.point, lab.id));

        first.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        assertThatIOException()
                .isThrownBy(() -> view.verify(lab.point, lab.id))
                .withMessageContaining("is not there");
        assertThat(view.missing(lab.base)).isEmpty();
        Files.delete(socket);
        lab.engine("slave", "true", socket);

        assertThatCode(() -> view.verify(lab.point, lab.id)).doesNotThrowAnyException();
    }

    @Test
    void doesNotWaitForEverForAnEngineThatTakesNobody() throws Exception {
        lab.mount();
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocketChannel full = listen(1)) {
            fill(waiting);
            long begin = System.nanoTime();

            assertThatIOException()
                    .isThrownBy(() -> view.verify(lab.point, lab.id))
                    .withMessageContaining("is not there");

            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(8));
            assertThat(full.isOpen()).isTrue();
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
    }

    @Test
    void refusesAnEngineOfAnotherHost() {
        HostView far = view(new EngineAddress.Tcp("engine.example", 2376, null));

        assertThatIOException()
                .isThrownBy(() -> far.verify(lab.point, lab.id))
                .withMessageContainingAll("engine.example", "DOCKER_HOST");
        assertThat(far.missing(lab.base)).isPresent();
    }

    @Test
    void needsNoEngineWhereAllProcessesAreSeen() throws Exception {
        Path proc = processes("pid:[4026531836]");

        assertThatCode(() -> view(proc).verifyProcesses()).doesNotThrowAnyException();
    }

    @Test
    void knowsByTheEngineWhetherTheProcessesOfTheHostAreSeen() throws Exception {
        HostView below = view(processes("pid:[4026532000]"));
        assertThatIOException().isThrownBy(below::verifyProcesses);

        try (ServerSocketChannel engine = listen(50)) {
            below.verifyProcesses();
            assertThat(engine.isOpen()).isTrue();
        }
        Files.delete(socket);
        assertThatCode(below::verifyProcesses).doesNotThrowAnyException();
    }

    @Test
    void refusesToLookForUsersInAContainerWithProcessesOfItsOwn() throws Exception {
        try (ServerSocketChannel engine = listen(50)) {
            Process inside =
                    new ProcessBuilder(
                                    "unshare",
                                    "--pid",
                                    "--fork",
                                    "--kill-child",
                                    "--mount-proc",
                                    Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Inside.class.getName(),
                                    socket.toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            try {
                assertThat(inside.getInputStream().readAllBytes())
                        .asString(UTF_8)
                        .contains("--pid=host");
                assertThat(engine.isOpen()).isTrue();
            } finally {
                inside.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    /** An agent in a container. */
    static final class Inside {

        /** Says why it cannot look for users. */
        public static void main(String[] socket) {
            LoopResources loops = LoopResources.create("inside", 1, true);
            HostView view =
                    new HostView(
                            new EngineAddress.UnixSocket(Path.of(socket[0])),
                            () -> loops.onClient(true).next());
            try {
                view.verifyProcesses();
                System.out.println("It sees everybody");
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private Path processes(String namespace) throws IOException {
        Path self = lab.base.resolve("proc/self/ns");
        Files.createDirectories(self);
        Files.createSymbolicLink(self.resolve("pid"), Path.of(namespace));
        return lab.base.resolve("proc");
    }

    private HostView view(Path proc) {
        return new HostView(
                new EngineAddress.UnixSocket(socket),
                new SamePaths(),
                () -> loops.onClient(true).next(),
                proc);
    }

    private ServerSocketChannel listen(int backlog) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket), backlog);
        return server;
    }

    private void fill(List<SocketChannel> waiting) throws IOException {
        for (int i = 0; i < 10; i++) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            waiting.add(channel);
            channel.configureBlocking(false);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
            } catch (IOException e) {
                // The kernel's words for a queue that is full.
                assertThat(e).hasMessageContaining("temporarily unavailable");
                return;
            }
        }
        throw new IOException("The queue has no end");
    }
}
