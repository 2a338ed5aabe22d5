// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.capability.volumes.service.Volumes;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.core.error.CallerException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** {@code /v2/volume-imports}: volumes made of files that the host has already. */
final class ImportCalls {

    private final Volumes volumes;
    private final ImportSources sources;
    private final LongWork work;

    ImportCalls(Backing backing, LongWork work) {
        this.volumes = backing.volumes();
        this.sources = backing.sources();
        this.work = work;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.of("POST", VolumeApi.PREFIX + "-imports", this::bringIn, LongWork.WAIT));
    }

    private Mono<Reply> bringIn(Call call) {
        return Fields.read(call, "volume", "folder", "to", "options")
                .flatMap(
                        fields -> {
                            Optional<String> volume = fields.text("volume");
                            Optional<String> folder = fields.text("folder");
                            if (volume.isPresent() == folder.isPresent()) {
                                throw CallerException.badRequest(
                                        "Invalid request body",
                                        "Either volume or folder says what to import");
                            }
                            folder.ifPresent(ImportCalls::check);
                            VolumeName to = fields.volume("to");
                            Map<String, String> options = fields.texts("options");
                            return work.start(
                                    call,
                                    "import",
                                    to.value(),
                                    Optional.of(VolumeCalls.ALL + "/" + to),
                                    progress -> {
                                        Path from =
                                                volume.map(sources::localVolume)
                                                        .or(() -> folder.map(sources::folder))
                                                        .orElseThrow();
                                        progress.accept("copies " + volume.or(() -> folder).get());
                                        return VolumeJson.of(
                                                volumes.importFolder(from, to, options));
                                    });
                        });
    }

    private static void check(String folder) {
        if (!folder.startsWith("/")
                || folder.indexOf(0) >= 0
                || Arrays.asList(folder.split("/", -1)).contains("..")) {
            throw CallerException.badRequest(
                    "This is no folder to import", "It is an absolute path without '..'");
        }
    }
}
