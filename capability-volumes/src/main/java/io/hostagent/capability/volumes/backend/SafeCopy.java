// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.capability.volumes.tool.Tool;
import io.hostagent.capability.volumes.tool.ToolException;
import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.core.host.Mount;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Copies files while containers may change them. A container that exchanges a folder for a symbolic
 * link at the right moment could have a file of the host copied, since cp opens each file by its
 * path. So what is copied is a view of the folder, in which the kernel follows no symbolic link and
 * nobody can write. Links are copied as links nevertheless.
 *
 * @param place folder in which views are mounted while they are needed; made when it is not there
 */
public record SafeCopy(Tools tools, Path place) {

    private static final String VIEW = "copy-";

    /** No complaint ends so. */
    private static final String NOTHING = "\n";

    /** Of a path that has become a symbolic link. */
    private static final String EXCHANGED = "Too many levels of symbolic links";

    /** Copies what is in a folder into another one, and has it on the disk when it returns. */
    public void copy(Path from, Path to) throws IOException {
        Space.make(
                () -> {
                    within(from, view -> run(view + "/.", to, NOTHING));
                    tools.run(Tools.LONG, Tool.SYNC, "--file-system", "--", to.toString());
                },
                () -> {});
    }

    /**
     * Copies a folder as one that is not there yet.
     *
     * @param forgiven the end of complaints that do not matter
     */
    void copyAs(Path from, Path to, String forgiven) throws IOException {
        within(from, view -> run(view.toString(), to, forgiven));
    }

    /** Unmounts what a crash left here. */
    public void recover() throws IOException {
        if (!Files.isDirectory(place)) {
            return;
        }
        try (DirectoryStream<Path> views = Files.newDirectoryStream(place, VIEW + "*")) {
            for (Path view : views) {
                leave(view);
            }
        }
    }

    private void within(Path from, Images.Work work) throws IOException {
        Path view = Files.createTempDirectory(Files.createDirectories(place), VIEW);
        try {
            // Private, so that nobody else gets the view, and nothing that is mounted later is
            // seen in it.
            tools.run(
                    Tool.MOUNT,
                    "--options",
                    "bind,private,ro,nodev,nosymfollow",
                    "--",
                    from.toString(),
                    view.toString());
            verify(view);
            work.on(view);
            // Or an empty folder may have been copied instead.
            verify(view);
        } finally {
            leave(view);
        }
    }

    /** A kernel that does not know the option takes it without a word. */
    private static void verify(Path view) throws IOException {
        Path point = view.toRealPath();
        boolean safe = false;
        String mounts = new String(Files.readAllBytes(Mount.OWN), UTF_8);
        for (String line : mounts.lines().toList()) {
            String[] fields = line.split(" ", 7);
            if (Mount.unescape(fields[4]).equals(point.toString())) {
                safe = ("," + fields[5] + ",").contains(",nosymfollow,");
            }
        }
        if (!safe) {
            throw new IOException(
                    "files that containers may change cannot be copied safely here: this needs"
                            + " Linux 5.10 and mount of util-linux 2.37, or newer ones");
        }
    }

    private void run(String from, Path to, String forgiven) throws IOException {
        try {
            tools.copyForgiving(
                    Tools.LONG,
                    forgiven,
                    "--archive",
                    "--reflink=auto",
                    "--sparse=auto",
                    "--one-file-system",
                    "--no-target-directory",
                    "--",
                    from,
                    to.toString());
        } catch (ToolException e) {
            if (e.complaint().contains(EXCHANGED)) {
                throw new IOException(
                        "a folder was exchanged for a symbolic link while it was copied: stop who"
                                + " does that, or try again",
                        e);
            }
            throw e;
        }
    }

    private void leave(Path view) throws IOException {
        new Mounts(tools).unmount(view);
        Files.delete(view);
    }
}
