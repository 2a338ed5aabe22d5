// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.kernel.KernelText;
import java.io.IOException;

/** Reads the files of one cgroup, over and over again. For one thread at a time. */
sealed interface CgroupReader extends AutoCloseable permits CgroupV1, CgroupV2 {

    /**
     * Reads what changes all the time.
     *
     * @throws IOException when the cgroup is gone
     */
    void read(Worker worker, Numbers numbers) throws IOException;

    /** Reads what somebody has to change, with {@code docker update} for instance. */
    void readLimits(KernelText text, Numbers numbers) throws IOException;

    @Override
    void close() throws IOException;
}
