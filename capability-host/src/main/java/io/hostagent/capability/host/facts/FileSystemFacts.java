// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.hostagent.core.host.HostRoot;
import io.hostagent.core.host.Mount;
import io.hostagent.core.kernel.FileSystemSpace;
import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.kernel.SpaceReader;
import io.hostagent.core.kernel.SpaceReader.Answer;
import io.hostagent.core.kernel.SpaceReader.Refused;
import io.hostagent.core.kernel.SpaceReader.Room;
import io.hostagent.core.kernel.SpaceReader.Silent;
import io.hostagent.core.kernel.SpaceReader.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The file systems of the host: what its first process has mounted, asked for its room through the
 * host's root. One that the agent does not see at that place (it was mounted after the agent
 * started, say) is not asked: the answer would be that of the file system below.
 */
final class FileSystemFacts {

    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final HostRoot hostRoot;
    private final SpaceReader spaces;

    FileSystemFacts(HostRoot hostRoot, SpaceReader spaces) {
        this.hostRoot = hostRoot;
        this.spaces = spaces;
    }

    Part read(HostFiles files) throws IOException {
        Part part = new Part();
        if (files.root().isEmpty() || files.first().isEmpty()) {
            files.missing().ifPresent(absence -> part.without("items", absence));
            return part;
        }
        List<Mount> mounts = FileSystems.of(Mount.read(files.first().get().resolve("mountinfo")));
        List<Mount> own = hostRoot.ownMounts();
        List<Target> targets = new ArrayList<>();
        for (Mount mount : mounts) {
            String path = seenFrom(files.root().get(), mount.point());
            if (Mount.at(own, path).filter(mount::isSameAs).isPresent()) {
                targets.add(new Target(mount, path));
            } else {
                part.without(
                        mount.point(),
                        "it is not mounted below the host's root, as seen from the agent",
                        "start the agent again, or mount the root with -v /:/host:ro,rslave");
            }
        }
        List<Answer> answers = spaces.ask(targets, LIMIT);
        List<Map<String, Object>> items = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            Mount mount = targets.get(i).mount();
            room(answers.get(i), mount, part).ifPresent(space -> items.add(item(mount, space)));
        }
        return part.with("items", items);
    }

    private static String seenFrom(Path root, String point) {
        if (root.equals(Path.of("/"))) {
            return point;
        }
        return point.equals("/") ? root.toString() : root + point;
    }

    private static Optional<FileSystemSpace> room(Answer answer, Mount mount, Part part) {
        return switch (answer) {
            case Room room -> Optional.of(room.space());
            case Refused refused -> {
                part.without(mount.point(), refused.why(), "");
                yield Optional.empty();
            }
            case Silent() -> {
                part.without(
                        mount.point(),
                        mount.type() + " of " + mount.source() + " does not answer",
                        "look after the server, or unmount it on the host");
                yield Optional.empty();
            }
        };
    }

    private static Map<String, Object> item(Mount mount, FileSystemSpace space) {
        boolean countsFiles = space.files() > 0;
        return new Part()
                .with("mountPoint", mount.point())
                .with("source", mount.source())
                .with("type", mount.type())
                .with("readOnly", mount.readOnly())
                .with("sizeBytes", space.totalBytes())
                .with("freeBytes", space.freeBytes())
                .with("availableBytes", space.availableBytes())
                .with("files", countsFiles ? space.files() : null)
                .with("filesFree", countsFiles ? space.freeFiles() : null)
                .values();
    }
}
