// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.sample.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A cgroup that is no container: a service, a slice, a session. It has no name but its path, and no
 * network of its own.
 */
final class RawCgroup {

    private final CgroupReader reader;
    private final Labels labels;
    private final double made;

    RawCgroup(String path, CgroupReader reader, double made) {
        this.reader = reader;
        this.made = made;
        labels = Labels.of("id", path);
    }

    /** When the folder of a cgroup was made, as far as it tells, in Unix seconds. */
    static double made(Path folder) throws IOException {
        return (double) Files.getLastModifiedTime(folder).toInstant().getEpochSecond();
    }

    Labels labels() {
        return labels;
    }

    /**
     * Reads it.
     *
     * @throws IOException when it is gone
     */
    void read(Worker worker, double clock) throws IOException {
        Numbers numbers = worker.numbers();
        numbers.clear();
        reader.readLimits(worker.text(), numbers);
        reader.read(worker, numbers);
        numbers.set(ContainerValue.LAST_SEEN, clock);
        numbers.set(ContainerValue.START_TIME, made);
        Lifetimes.addUntold(numbers);
    }

    void close() throws IOException {
        reader.close();
    }
}
