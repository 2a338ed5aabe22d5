// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.jail.Handle;
import io.hostagent.core.jail.Jail;
import io.hostagent.core.jail.JailPath;
import io.hostagent.core.json.JsonTree;
import io.hostagent.core.relay.Relay;
import io.hostagent.core.web.ConnectionLoop;
import io.hostagent.core.web.Exchange;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import java.io.File;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import reactor.core.publisher.Mono;

/** Does what is asked for with the files of one tree, and answers. */
final class Browser {

    private final DiskThreads disk;
    private final Uploads uploads;
    private final NameRoom names;

    Browser(DiskThreads disk, NameRoom names) {
        this.disk = disk;
        this.names = names;
        this.uploads = new Uploads(disk);
    }

    /** Answers one request; errors with what the client is to be told. */
    Mono<Void> answer(Operation operation, FileTree tree, Query query, Exchange exchange) {
        return switch (operation) {
            case LS ->
                    download(
                            "Unable to list files inside specified directory",
                            exchange,
                            () -> list(tree, at(tree, query, exchange), query.flag("details")));
            case GET ->
                    download(
                            "Unable to open file",
                            exchange,
                            () ->
                                    Download.of(
                                            tree,
                                            at(tree, query, exchange),
                                            exchange.request().requestHeaders(),
                                            !head(exchange)));
            case SPACE ->
                    download(
                            "Unable to measure the file system",
                            exchange,
                            () -> space(tree, at(tree, query, exchange)));
            case ARCHIVE ->
                    exchange.request().method().equals(HttpMethod.PUT)
                            ? done(
                                    exchange,
                                    "Unable to unpack the archive",
                                    uploads.unpack(tree, at(tree, query, exchange), exchange))
                            : download(
                                    "Unable to pack the directory",
                                    exchange,
                                    () -> pack(tree, at(tree, query, exchange)));
            case PUT -> done(exchange, "Error saving file to disk", uploads.put(tree, exchange));
            case MKDIR -> {
                JailPath path = at(tree, query, exchange);
                yield done(
                        exchange, "Unable to make the directory", disk.run(() -> make(tree, path)));
            }
            case RENAME ->
                    done(
                            exchange,
                            "Unable to rename file",
                            Renaming.read(exchange.request())
                                    .flatMap(names -> rename(tree, names, exchange)));
            case DELETE -> {
                JailPath path = notRoot(at(tree, query, exchange));
                boolean recursive = query.flag("recursive");
                yield done(
                        exchange,
                        "Unable to remove file",
                        disk.run(() -> remove(tree, path, recursive)));
            }
        };
    }

    private static JailPath at(FileTree tree, Query query, Exchange exchange) {
        JailPath path = tree.within(query.path());
        record(tree, path, exchange);
        return path;
    }

    /** What has no volume leaves an audit line. */
    static void record(FileTree tree, JailPath path, Exchange exchange) {
        if (tree.recorded()) {
            exchange.about().accept("/" + new JailPath(tree.prefix()).then(path));
        }
    }

    private static JailPath notRoot(JailPath path) {
        if (path.isRoot()) {
            throw CallerException.badRequest("Invalid path", "The root itself has to stay");
        }
        return path;
    }

    private static boolean head(Exchange exchange) {
        return exchange.request().method().equals(HttpMethod.HEAD);
    }

    private Mono<Void> download(String message, Exchange exchange, Callable<Download> opening) {
        return disk.open(opening, Download::discard)
                .onErrorMap(failure -> Failures.of(message, failure))
                .flatMap(
                        download -> download.answer(exchange.request(), exchange.response(), disk));
    }

    private static Mono<Void> done(Exchange exchange, String message, Mono<Void> work) {
        EventLoop loop = Relay.channel(exchange.response()).eventLoop();
        return work.onErrorMap(failure -> Failures.of(message, failure))
                .then(ConnectionLoop.write(loop, () -> exchange.response().status(204).send()));
    }

    private Download list(FileTree tree, JailPath path, boolean details) throws IOException {
        try (Jail jail = tree.open()) {
            Handle folder = jail.folder(path);
            try {
                return new Download(json(), new Listing(folder, details, names.new Share()));
            } catch (IOException e) {
                folder.close();
                throw e;
            }
        }
    }

    private static Download pack(FileTree tree, JailPath path) throws IOException {
        try (Jail jail = tree.open()) {
            TarDownload tar = new TarDownload(jail.folder(path));
            return new Download(
                    Download.head(
                            200,
                            new DefaultHttpHeaders()
                                    .set(HttpHeaderNames.CONTENT_TYPE, "application/x-tar")),
                    tar);
        }
    }

    private static Download space(FileTree tree, JailPath path) throws IOException {
        try (Jail jail = tree.open();
                Handle found = jail.find(path)) {
            File file = found.path().toFile();
            Map<String, Object> sizes = new LinkedHashMap<>();
            sizes.put("Total", file.getTotalSpace());
            sizes.put("Free", file.getFreeSpace());
            sizes.put("Available", file.getUsableSpace());
            byte[] json = JsonTree.write(sizes);
            return new Download(json(), new OnePiece(Unpooled.wrappedBuffer(json)));
        }
    }

    private static HttpResponse json() {
        return Download.head(
                200,
                new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, "application/json"));
    }

    private static void make(FileTree tree, JailPath path) throws IOException {
        try (Jail jail = tree.open()) {
            jail.makeFolders(path).close();
        }
    }

    private static void remove(FileTree tree, JailPath path, boolean recursive) throws IOException {
        try (Jail jail = tree.open();
                Handle parent = jail.parent(path)) {
            if (recursive) {
                Removal.of(parent, path.name());
            } else {
                parent.remove(path.name());
            }
        }
    }

    private Mono<Void> rename(FileTree tree, Renaming names, Exchange exchange) {
        JailPath from = notRoot(tree.within(names.from()));
        JailPath to = notRoot(tree.within(names.to()));
        record(tree, from, exchange);
        record(tree, to, exchange);
        return disk.run(() -> rename(tree, from, to));
    }

    private static void rename(FileTree tree, JailPath from, JailPath to) throws IOException {
        try (Jail jail = tree.open();
                Handle old = jail.parent(from);
                Handle young = jail.parent(to)) {
            old.rename(from.name(), young, to.name());
        }
    }
}
