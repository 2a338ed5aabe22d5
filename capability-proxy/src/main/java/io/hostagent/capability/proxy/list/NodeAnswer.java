// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import io.hostagent.capability.proxy.list.NodeFailure.Kind;
import io.hostagent.core.relay.HeldBytes;
import io.hostagent.core.relay.SilenceWatch;
import io.hostagent.core.relay.UpstreamStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One node's part of a merged list, from the request to its last byte. What comes before its turn
 * is held, up to a bound; then the node is not read. Confined to an event loop.
 */
final class NodeAnswer implements UpstreamStream.Receiver {

    /**
     * What is held of one node before its turn, in bytes, give or take one read: 100 containers.
     */
    static final int AHEAD = 128 * 1024;

    private enum State {
        CONNECTING,
        ASKED,
        LISTING,
        WHOLE,
        REFUSING,
        REFUSED,
        FAILED
    }

    private final ListedNode node;
    private final HeldBytes budget;
    private final byte[] scratch;
    private final Runnable changed;
    private final HeldPages pages = new HeldPages();
    private final ListScanner scanner;
    private final UpstreamStream stream;
    private final SilenceWatch watch;

    private State state = State.CONNECTING;
    private boolean paused;
    private boolean begun;
    private boolean told;
    private int reserved;
    private int status;
    private @Nullable BoundedBytes body;
    private @Nullable Refusal refusal;
    private @Nullable NodeFailure failure;

    /**
     * Describes a request; nothing is sent yet.
     *
     * @param budget where memory is accounted for that is held before a node's turn
     * @param scratch shared by all that are confined to this event loop
     * @param changed run when there is more of the list, or no more to come
     */
    NodeAnswer(
            ListedNode node,
            ListShape shape,
            EventLoop loop,
            HeldBytes budget,
            byte[] scratch,
            SilenceWatch.Patience patience,
            Runnable changed) {
        this.node = node;
        this.budget = budget;
        this.scratch = scratch;
        this.changed = changed;
        this.scanner = new ListScanner(shape, node.nodeName(), pages);
        this.stream =
                new UpstreamStream(node.upstream(), loop, node.target(), node.headers(), this);
        this.watch =
                new SilenceWatch(loop, node.alive(), patience, why -> fail(Kind.UNREACHABLE, why));
    }

    String nodeName() {
        return node.nodeName();
    }

    /** Makes room for what comes before its turn, if there is any. */
    boolean reserve() {
        if (!budget.take(AHEAD)) {
            return false;
        }
        reserved = AHEAD;
        return true;
    }

    /** Sends the request. */
    void ask() {
        watch.start();
        stream.start();
    }

    /** Whether there is no connection to the node yet. */
    boolean isConnecting() {
        return state == State.CONNECTING;
    }

    /** Whether it is known what comes of it: enough of a list to go on with, or none at all. */
    boolean isSettled() {
        return state == State.WHOLE || (state == State.LISTING && paused) || isOver();
    }

    /** Whether there is no list, or no more of it. */
    boolean isOver() {
        return state == State.REFUSED || state == State.FAILED;
    }

    /** Whether a part of it was handed on. */
    boolean isBegun() {
        return begun;
    }

    /** What it answered instead of a list. */
    @Nullable Refusal refusal() {
        return refusal;
    }

    /** Why there is no list. */
    NodeFailure failure() {
        if (refusal != null) {
            return new NodeFailure(
                    node.nodeName(), Kind.REFUSED, refusal.status() + " " + refusal.message());
        }
        return failure == null
                ? new NodeFailure(node.nodeName(), Kind.UNREACHABLE, "was not asked")
                : failure;
    }

    /** Says once why there is no list. */
    void tell(Consumer<NodeFailure> listener) {
        if (!told) {
            told = true;
            listener.accept(failure());
        }
    }

    boolean isTold() {
        return told;
    }

    /** Whether a page is there to be handed on; a last one need not be full. */
    boolean hasPage() {
        return state == State.WHOLE ? !pages.isEmpty() : pages.bytes() >= HeldPages.PAGE;
    }

    /** The next page, which is the caller's from now on. */
    ByteBuf takePage() {
        ByteBuf page = pages.take();
        begun = true;
        if (paused && pages.bytes() < AHEAD / 2) {
            paused = false;
            watch.start();
            stream.resume();
        }
        return page;
    }

    /** Whether all of the list was handed on. */
    boolean isDone() {
        return state == State.WHOLE && pages.isEmpty();
    }

    /** Warnings of the engine: the texts as they came, with commas between them. */
    byte[] warnings() {
        return scanner.warnings();
    }

    /** Gives everything back, whatever the state. */
    void release() {
        watch.stop();
        stream.abort();
        pages.release();
        giveBack(reserved);
    }

    private void giveBack(int bytes) {
        budget.give(bytes);
        reserved -= bytes;
    }

    @Override
    public void onConnected() {
        watch.heard();
        state = State.ASKED;
        changed.run();
    }

    @Override
    public void onHead(int code, HttpHeaders headers) {
        watch.heard();
        if (code == 200) {
            state = State.LISTING;
        } else {
            state = State.REFUSING;
            status = code;
            body = new BoundedBytes(Refusal.LARGEST);
        }
    }

    @Override
    public void onPiece(ByteBuf piece) {
        watch.heard();
        try {
            while (piece.isReadable()) {
                int count = Math.min(scratch.length, piece.readableBytes());
                piece.readBytes(scratch, 0, count);
                read(count);
            }
        } catch (BadListException e) {
            fail(Kind.MALFORMED, String.valueOf(e.getMessage()));
            return;
        } finally {
            piece.release();
        }
        if (pages.bytes() >= HeldPages.PAGE) {
            pauseWhenFull();
            changed.run();
        }
    }

    private void read(int count) {
        if (body == null) {
            scanner.read(scratch, 0, count);
        } else if (!body.append(scratch, 0, count)) {
            throw new BadListException("it answered " + status + " with far too many words");
        }
    }

    private void pauseWhenFull() {
        if (!paused && pages.bytes() >= AHEAD) {
            paused = true;
            watch.stop();
            stream.pause();
        }
    }

    @Override
    public void onEnd() {
        watch.stop();
        if (body != null) {
            refusal = Refusal.of(status, body.copy());
            body = null;
            state = State.REFUSED;
            giveBack(reserved);
        } else {
            try {
                scanner.end();
            } catch (BadListException e) {
                fail(Kind.MALFORMED, String.valueOf(e.getMessage()));
                return;
            }
            state = State.WHOLE;
            giveBack(Math.max(0, reserved - pages.capacity()));
        }
        changed.run();
    }

    @Override
    public void onFailure(RuntimeException cause) {
        fail(Kind.UNREACHABLE, String.valueOf(cause.getMessage()));
    }

    private void fail(Kind kind, String why) {
        state = State.FAILED;
        failure = new NodeFailure(node.nodeName(), kind, why);
        release();
        changed.run();
    }
}
