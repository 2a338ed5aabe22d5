// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import io.hostagent.core.cluster.Member;
import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.web.Exchange;
import reactor.core.publisher.Mono;

/** The files that a capability lets be browsed: those of volumes, or those of the host. */
public interface FileTrees {

    /** Where files are. */
    sealed interface Place {

        /** On this host. */
        record Here(FileTree tree) implements Place {}

        /** On another one. */
        record There(Member member) implements Place {}
    }

    /** Whether it has those of volumes; otherwise it has those of the host. */
    boolean ofVolumes();

    /**
     * Threads for all that is done with these files. Those of the host are not those of volumes: a
     * file that never answers, such as one of a server that is gone, holds up its own kind only.
     */
    DiskThreads threads();

    /**
     * Finds files for a request that may have them.
     *
     * @param volume its name; empty for the host's files
     * @return on any thread; errors with an {@link io.hostagent.core.error.AgentException} that
     *     says what is missing
     */
    Mono<Place> find(Exchange exchange, String volume);
}
