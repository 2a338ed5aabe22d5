// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.cluster.MissingNodes;
import io.hostagent.core.error.ClusterException;
import io.hostagent.core.relay.AnswerOutlet;
import io.hostagent.core.relay.AnswerProducer;
import io.hostagent.core.relay.HeldBytes;
import io.hostagent.core.relay.SilenceWatch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * One merged list in the making: nodes are asked side by side, a window of them at a time, and
 * their lists go out one after the other. Confined to the outlet's event loop.
 *
 * <p>The head is sent when it is known of every node asked so far what comes of it, and there is a
 * list among that. So it can name the nodes that are missing, and an error can be an error. A node
 * that fails later is named at the end, as long as nothing of its list was sent; otherwise the
 * answer is cut.
 */
final class Merge implements AnswerProducer.Production {

    /** Nodes that are asked, or wait for their turn with what they answered, at once. */
    static final int WINDOW = 64;

    /**
     * Nodes without a connection that are asked at once. A handshake costs milliseconds of the
     * event loop, and in a process that was just started tens of them; with too many side by side
     * all would seem to be silent.
     */
    static final int CONNECTING = 8;

    private static final int SCRATCH = 16 * 1024;

    private final ListRequest request;
    private final AnswerOutlet outlet;
    private final HeldBytes budget;
    private final SilenceWatch.Patience patience;
    private final ListFrame frame;
    private final byte[] scratch = new byte[SCRATCH];

    /** Nodes that were asked and whose lists were not handed on, the next one first. */
    private final ArrayDeque<NodeAnswer> asked = new ArrayDeque<>();

    /** The first node of the request that was not asked. */
    private int next;

    /** Names of nodes that are missing and have to be told of at the end. */
    private final List<String> late = new ArrayList<>();

    private boolean headSent;
    private boolean elementSent;
    private boolean advancing;
    private boolean again;
    private boolean over;

    Merge(
            ListRequest request,
            HeldBytes budget,
            SilenceWatch.Patience patience,
            AnswerOutlet outlet) {
        this.request = request;
        this.outlet = outlet;
        this.budget = budget;
        this.patience = patience;
        this.frame = new ListFrame(request.shape());
    }

    @Override
    public void start() {
        advance();
    }

    @Override
    public void onWritable() {
        advance();
    }

    @Override
    public void abort() {
        over = true;
        asked.forEach(NodeAnswer::release);
    }

    /** Does whatever can be done now; what is done may be the reason for being called again. */
    private void advance() {
        again = true;
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            while (again && !over) {
                again = false;
                step();
            }
        } catch (RuntimeException defect) {
            // It came from a node's connection, which has nothing to do with it: the client has.
            abort();
            outlet.fail(defect);
        } finally {
            advancing = false;
        }
    }

    private void step() {
        ask();
        if (!headSent) {
            decide();
        }
        if (headSent) {
            tellLate();
            handOn();
        }
    }

    private void ask() {
        int open = count(node -> !node.isOver());
        int connecting = count(NodeAnswer::isConnecting);
        while (next < request.nodes().size() && open < WINDOW && connecting < CONNECTING) {
            NodeAnswer node = answer(request.nodes().get(next));
            // If nobody else is on the way, it is its turn: this one must not wait for memory.
            if (!node.reserve() && open > 0) {
                return;
            }
            asked.addLast(node);
            next++;
            node.ask();
            open += node.isOver() ? 0 : 1;
            connecting += node.isConnecting() ? 1 : 0;
        }
    }

    private int count(Predicate<NodeAnswer> condition) {
        int count = 0;
        for (NodeAnswer node : asked) {
            count += condition.test(node) ? 1 : 0;
        }
        return count;
    }

    private NodeAnswer answer(ListedNode node) {
        return new NodeAnswer(
                node, request.shape(), outlet.loop(), budget, scratch, patience, this::advance);
    }

    private void decide() {
        boolean list = false;
        for (NodeAnswer node : asked) {
            if (!node.isSettled()) {
                return;
            }
            list |= !node.isOver();
        }
        if (list) {
            headSent = true;
            List<String> missing = new ArrayList<>(request.absent());
            missing.addAll(tell());
            outlet.head(head(200, true, missing), MissingNodes.HEADER);
            outlet.write(Unpooled.wrappedBuffer(frame.start()));
        } else if (next == request.nodes().size()) {
            refuse();
        }
    }

    /**
     * Tells of nodes that have failed since this was last asked.
     *
     * @return their names
     */
    private List<String> tell() {
        List<String> names = new ArrayList<>();
        for (NodeAnswer node : asked) {
            if (node.isOver() && !node.isTold()) {
                node.tell(request.failed());
                names.add(node.nodeName());
            }
        }
        return names;
    }

    /** There is no list at all. */
    private void refuse() {
        over = true;
        NoList answer = NoList.of(List.copyOf(asked), request.absent());
        for (NodeAnswer node : asked) {
            if (answer.missing().contains(node.nodeName())) {
                node.tell(request.failed());
            }
        }
        HttpResponse head = head(answer.status(), answer.json(), answer.missing());
        ByteBuf body = Unpooled.copiedBuffer(answer.body(), UTF_8);
        HttpUtil.setContentLength(head, body.readableBytes());
        outlet.head(head);
        if (body.isReadable()) {
            outlet.write(body);
        }
        outlet.end(EmptyHttpHeaders.INSTANCE);
    }

    private static HttpResponse head(int status, boolean json, List<String> missing) {
        HttpResponse head =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        head.headers()
                .set(
                        HttpHeaderNames.CONTENT_TYPE,
                        json ? "application/json" : "text/plain; charset=utf-8");
        MissingNodes.addTo(head.headers(), missing);
        return head;
    }

    private void tellLate() {
        late.addAll(tell());
        if (!late.isEmpty() && !outlet.takesLateHeaders()) {
            cut(late.getFirst(), "it has no list after all");
        }
    }

    private void handOn() {
        boolean written = false;
        for (NodeAnswer node = asked.peek(); node != null && !over; node = asked.peek()) {
            if (node.isOver() && node.isBegun()) {
                cut(node.nodeName(), node.failure().why());
                return;
            }
            while (node.hasPage() && outlet.isWritable()) {
                outlet.write(page(node));
                written = true;
            }
            if (!node.isOver() && !node.isDone()) {
                break;
            }
            if (node.isDone()) {
                frame.warn(node.warnings());
            }
            node.release();
            asked.remove();
            again = true;
        }
        if (over) {
            return;
        }
        if (asked.isEmpty() && next == request.nodes().size()) {
            finish();
        } else if (written) {
            outlet.flush();
        }
    }

    private ByteBuf page(NodeAnswer node) {
        ByteBuf page = node.takePage();
        if (!elementSent) {
            // Each element has a comma in front, and the first of all needs none.
            page.skipBytes(1);
            elementSent = true;
        }
        return page;
    }

    private void finish() {
        over = true;
        outlet.write(Unpooled.wrappedBuffer(frame.end()));
        HttpHeaders trailers = new DefaultHttpHeaders();
        MissingNodes.addTo(trailers, late);
        outlet.end(trailers);
    }

    private void cut(String nodeName, String why) {
        abort();
        outlet.fail(ClusterException.failed(nodeName, new BadListException(why)));
    }
}
