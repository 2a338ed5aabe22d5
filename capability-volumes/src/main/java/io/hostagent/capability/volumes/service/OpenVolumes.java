// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.catalog.Catalog;
import io.hostagent.capability.volumes.catalog.FileCatalog;
import io.hostagent.capability.volumes.catalog.FolderClaim;
import io.hostagent.capability.volumes.catalog.RecordFolder;
import io.hostagent.capability.volumes.catalog.RecordWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Volumes that are open: nobody else works in their folder, and what a stop left half done is
 * settled.
 */
record OpenVolumes(
        FolderClaim claim,
        Store store,
        Creation creation,
        Mounting mounting,
        Trash trash,
        Snapshots snapshots,
        VolumeTimer emptying,
        VolumeTimer releasing,
        Releases releases,
        Reading reading)
        implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OpenVolumes.class);

    /**
     * Claims the folder, and brings records, files and mounts together.
     *
     * @throws IOException when it cannot be done; nothing is claimed then
     */
    static OpenVolumes of(Opening opening) throws IOException {
        Path state = opening.home().resolve("state");
        FolderClaim claim = FolderClaim.on(state);
        try {
            return recovered(opening, claim, state);
        } catch (IOException | RuntimeException e) {
            claim.close();
            throw e;
        }
    }

    private static OpenVolumes recovered(Opening opening, FolderClaim claim, Path state)
            throws IOException {
        Home home = Home.in(state, opening.keeper(), opening.host());
        KnownVolumes known = new KnownVolumes(new RecordFolder(state.resolve("known")));
        RecordFolder records = new RecordFolder(state.resolve("catalog"));
        for (Path damaged : records.read().damaged()) {
            log.warn("{} is damaged and was put aside", records.setAside(damaged));
        }
        Catalog catalog = new FileCatalog(records);
        MountIds ids = new MountIds(state.resolve("mounts"), System::nanoTime);
        Store store =
                new Store(
                        home,
                        UUID.randomUUID().toString(),
                        new VolumeLocks(),
                        new RecordWriter(catalog, known::accept),
                        known,
                        opening.pools(),
                        new Attachments(opening.mounts(), opening.engine()),
                        ids,
                        new VolumeUse(opening.users(), ids),
                        opening.files(),
                        opening.events(),
                        opening.clock());
        Creation creation = new Creation(store, opening.choice());
        Trash trash = new Trash(store, opening.retention());
        new Recovery(store, catalog, trash, creation).run();
        // To destroy may take hours, during which volumes are let go of all the same.
        VolumeTimer emptying = new VolumeTimer("agent-volumes-trash");
        VolumeTimer releasing = new VolumeTimer("agent-volumes-release");
        Mounting mounting = new Mounting(store, creation);
        Releases releases = new Releases(store, releasing);
        return new OpenVolumes(
                claim,
                store,
                creation,
                mounting,
                trash,
                new Snapshots(store),
                emptying,
                releasing,
                releases,
                new Reading(store, mounting, releases));
    }

    @Override
    public void close() throws IOException {
        emptying.close();
        releasing.close();
        claim.close();
    }
}
