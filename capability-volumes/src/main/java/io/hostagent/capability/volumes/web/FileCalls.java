// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.capability.volumes.service.FileLease;
import io.hostagent.capability.volumes.service.Volumes;
import io.hostagent.capability.volumes.volume.SnapshotName;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.error.BusyException;
import io.hostagent.core.files.Download;
import io.hostagent.core.files.FileTree;
import io.hostagent.core.files.TreeReader;
import io.hostagent.core.relay.BodySource;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import reactor.core.publisher.Mono;

/** The files of volumes and of their snapshots, to be read: all of them as an archive, or one. */
final class FileCalls {

    /** Each is a process, and a disk that is read from its one end to the other. */
    static final int MOST_EXPORTS = 4;

    private final Volumes volumes;
    private final DiskThreads disk;
    private final TarSource tar;
    private final TreeReader reader = new TreeReader();
    private final Semaphore exports = new Semaphore(MOST_EXPORTS);

    FileCalls(Backing backing) {
        this.volumes = backing.volumes();
        this.disk = backing.disk();
        this.tar = backing.tar();
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.stream("GET", VolumeCalls.ONE + "/export", this::export, "snapshot"),
                Endpoint.stream("GET", SnapshotCalls.ONE + "/files", this::files, "path", "raw"));
    }

    private Mono<Void> files(Call call) {
        VolumeName name = call.volume();
        String snapshot = call.snapshot();
        String path = call.parameter("path").orElse("/");
        boolean raw = call.flag("raw", false);
        HttpHeaders headers = call.headers();
        VolumeCalls.known(volumes, name);
        return disk.open(
                        () -> {
                            FileLease lease = volumes.open(name, Optional.of(snapshot));
                            return Leased.reading(
                                    lease::close,
                                    () -> {
                                        FileTree tree = FileTree.volume(lease.folder());
                                        return raw
                                                ? reader.file(tree, path, headers)
                                                : reader.listing(tree, path);
                                    });
                        },
                        Download::discard)
                .flatMap(
                        found ->
                                found.answer(
                                        call.exchange().request(),
                                        call.exchange().response(),
                                        disk));
    }

    private Mono<Void> export(Call call) {
        VolumeName name = call.volume();
        Optional<String> snapshot = call.parameter("snapshot").map(SnapshotName::of);
        VolumeCalls.known(volumes, name);
        return disk.open(() -> pack(name, snapshot), Download::discard)
                .flatMap(
                        archive ->
                                archive.answer(
                                        call.exchange().request(),
                                        call.exchange().response(),
                                        disk));
    }

    private Download pack(VolumeName name, Optional<String> snapshot) throws IOException {
        if (!exports.tryAcquire()) {
            throw new BusyException(
                    "Too many exports at once", MOST_EXPORTS + " go on: wait for one to end");
        }
        return Leased.reading(
                exports::release,
                () -> {
                    FileLease lease = volumes.open(name, snapshot);
                    return Leased.reading(
                            lease::close,
                            () -> archive(name, new TarBody(tar.open(lease.folder()))));
                });
    }

    private static Download archive(VolumeName name, BodySource body) {
        return new Download(
                Download.head(
                        200,
                        new DefaultHttpHeaders()
                                .set(HttpHeaderNames.CONTENT_TYPE, "application/x-tar")
                                .set(
                                        HttpHeaderNames.CONTENT_DISPOSITION,
                                        "attachment; filename=\"" + name + ".tar\"")),
                body);
    }
}
