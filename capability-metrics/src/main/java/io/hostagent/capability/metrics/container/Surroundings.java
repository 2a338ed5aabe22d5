// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.core.kernel.HostFiles;

/**
 * What containers are read with.
 *
 * @param files where the host's are
 * @param finder finds the cgroups of containers
 * @param labels makes those of a container
 * @param descriptors how many files may stay open
 */
record Surroundings(
        HostFiles files,
        CgroupFinder finder,
        ContainerLabels labels,
        Descriptors descriptors,
        ContainerSettings settings) {}
