// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.mount;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The process that listens on the engine's socket. Its number is what the kernel says of a
 * connection, which needs no answer: an engine that starts gives none for minutes. It blocks, for a
 * few seconds at most.
 */
final class EngineProcess {

    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final Duration AGAIN = Duration.ofMillis(100);

    /** Of a process, counted from the field behind its name; see proc_pid_stat(5). */
    private static final int START_TIME = 19;

    private final Path socket;
    private final Supplier<EventLoop> loops;
    private final Path proc;
    private volatile @Nullable Seen seen;

    /** A number is used again; a start time with it is not. */
    private record Seen(int pid, String started) {}

    EngineProcess(Path socket, Supplier<EventLoop> loops, Path proc) {
        this.socket = socket;
        this.loops = loops;
        this.proc = proc;
    }

    /**
     * Its number.
     *
     * @return 0 when this process cannot see that one
     * @throws IOException when nobody listens
     */
    int pid() throws IOException {
        Seen last = seen;
        if (last != null
                && !last.started().isEmpty()
                && last.started().equals(started(last.pid()))) {
            return last.pid();
        }
        int pid = ask();
        if (pid > 0) {
            seen = new Seen(pid, started(pid));
        }
        return pid;
    }

    /** When a process that runs was started; empty when it does not. */
    private String started(int pid) {
        try {
            String stat = new String(Files.readAllBytes(proc.resolve(pid + "/stat")), UTF_8);
            String behindName = stat.substring(stat.lastIndexOf(')') + 1).strip();
            // One that has ended and was not waited for has a number, and no mounts any more.
            return behindName.startsWith("Z") || behindName.startsWith("X")
                    ? ""
                    : List.of(behindName.split(" ", -1)).get(START_TIME);
        } catch (IOException | IndexOutOfBoundsException e) {
            return "";
        }
    }

    /** A queue that is full is tried again: an engine that starts takes nobody from it. */
    private int ask() throws IOException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            ChannelFuture connect = connect(AGAIN.multipliedBy(10));
            try {
                connect.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                if (connect.isSuccess()) {
                    return ((EpollDomainSocketChannel) connect.channel()).peerCredentials().pid();
                }
                String why = reason(connect);
                if (!why.contains("temporarily unavailable") || System.nanoTime() > deadline) {
                    throw new IOException("the engine at " + socket + " is not there: " + why);
                }
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("the agent ends", e);
            } finally {
                connect.channel().close();
            }
        }
    }

    private static String reason(ChannelFuture connect) {
        Throwable cause = connect.cause();
        if (cause == null) {
            return "it takes no connection";
        }
        String message = cause.getMessage();
        // Netty says of a socket that is missing only which class of failure that is.
        return message == null || cause instanceof FileNotFoundException
                ? "there is no such socket"
                : message;
    }

    private void pause() throws InterruptedException {
        loops.get()
                .schedule(() -> {}, AGAIN.toMillis(), TimeUnit.MILLISECONDS)
                .await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private ChannelFuture connect(Duration limit) {
        return new Bootstrap()
                .group(loops.get())
                .channel(EpollDomainSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(limit.toMillis()))
                .handler(new ChannelInboundHandlerAdapter())
                .connect(new DomainSocketAddress(socket.toFile()));
    }
}
