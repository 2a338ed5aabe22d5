// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import java.nio.file.Path;

/** The files of a volume, to be read until it is closed. */
public interface FileLease extends AutoCloseable {

    /** The folder that a container would get. */
    Path folder();

    @Override
    void close();
}
