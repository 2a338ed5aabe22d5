// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.files;

import io.hostagent.core.capability.Need.Absence;
import io.hostagent.core.cluster.Addressee;
import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.error.FileException;
import io.hostagent.core.files.FileTree;
import io.hostagent.core.files.FileTrees;
import io.hostagent.core.host.HostRoot;
import io.hostagent.core.web.Exchange;
import java.io.IOException;
import java.nio.file.Path;
import reactor.core.publisher.Mono;

/** All files of the host that a request names, or of this one. */
public final class HostFiles implements FileTrees, AutoCloseable {

    /** Calls that may wait for the kernel at once. */
    private static final int CALLS = 16;

    private final HostRoot root;
    private final Addressee addressee;
    private final DiskThreads disk = new DiskThreads("agent-host-", CALLS);

    public HostFiles(HostRoot root, Addressee addressee) {
        this.root = root;
        this.addressee = addressee;
    }

    @Override
    public boolean ofVolumes() {
        return false;
    }

    @Override
    public DiskThreads threads() {
        return disk;
    }

    @Override
    public void close() {
        disk.close();
    }

    @Override
    public Mono<Place> find(Exchange exchange, String volume) {
        return addressee
                .of(exchange)
                .<Place>map(Place.There::new)
                .switchIfEmpty(disk.call(this::here));
    }

    private Place here() {
        Path path = root.path().orElseThrow(this::unreachable);
        return new Place.Here(FileTree.host(path));
    }

    private FileException unreachable() {
        String details =
                root.missing()
                        .map(HostFiles::text)
                        .orElse("The host's root came and went: ask again");
        return FileException.failed("Unable to reach the host's files", new IOException(details));
    }

    private static String text(Absence absence) {
        return absence.why() + ": " + absence.remedy();
    }
}
