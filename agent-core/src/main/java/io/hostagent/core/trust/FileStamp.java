// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * By what a changed file is known without reading it. A file that is replaced gets another number,
 * one that is written in place another time.
 */
public record FileStamp(FileTime modified, long size, @Nullable Object number) {

    private static final FileStamp MISSING = new FileStamp(FileTime.fromMillis(0), -1, null);

    /** The stamp of a file; a missing one has a stamp, too. */
    public static FileStamp of(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(found.lastModifiedTime(), found.size(), found.fileKey());
        } catch (IOException e) {
            return MISSING;
        }
    }
}
