// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.capability.volumes.service.Volumes;
import io.hostagent.core.json.JsonTree;
import io.hostagent.core.relay.SourceAnswer;
import io.hostagent.core.settings.AgentVersion;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** {@code /v2/volume-diagnostics}: all that helps to find a fault, in one archive. */
final class DiagnosticsCalls {

    private final Backing backing;

    DiagnosticsCalls(Backing backing) {
        this.backing = backing;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.stream("GET", VolumeApi.PREFIX + "-diagnostics", this::answer));
    }

    private Mono<Void> answer(Call call) {
        DefaultHttpHeaders headers = new DefaultHttpHeaders();
        headers.set(HttpHeaderNames.CONTENT_TYPE, "application/zip")
                .set(
                        HttpHeaderNames.CONTENT_DISPOSITION,
                        "attachment; filename=\"volume-diagnostics.zip\"");
        return new SourceAnswer(
                        new DefaultHttpResponse(
                                HttpVersion.HTTP_1_1, HttpResponseStatus.OK, headers),
                        new DiagnosticsZip(parts()),
                        backing.disk())
                .answer(call.exchange().request(), call.exchange().response());
    }

    private List<Diagnostics.Part> parts() {
        Volumes volumes = backing.volumes();
        List<Diagnostics.Part> parts = new ArrayList<>();
        parts.add(json("versions.json", DiagnosticsCalls::versions));
        parts.add(list("volumes.json", () -> volumes.all().stream().map(VolumeJson::of).toList()));
        parts.add(list("pools.json", () -> volumes.pools().stream().map(VolumeJson::of).toList()));
        parts.add(list("trash.json", () -> volumes.trash().stream().map(VolumeJson::of).toList()));
        parts.add(
                list(
                        "operations.json",
                        () -> backing.operations().all().stream().map(VolumeJson::of).toList()));
        parts.add(
                list(
                        "events.json",
                        () -> backing.events().recent().stream().map(VolumeJson::of).toList()));
        parts.addAll(backing.diagnostics().parts());
        return parts;
    }

    private static Map<String, Object> versions() {
        return Map.of(
                "agent", AgentVersion.read(),
                "java", Runtime.version().toString(),
                "kernel", System.getProperty("os.version", ""),
                "architecture", System.getProperty("os.arch", ""));
    }

    private static Diagnostics.Part list(String name, Supplier<? extends List<?>> content) {
        return new Diagnostics.Part(name, () -> JsonTree.writeIndented(content.get()));
    }

    private static Diagnostics.Part json(String name, Supplier<Map<String, Object>> content) {
        return new Diagnostics.Part(name, () -> JsonTree.writeIndented(content.get()));
    }
}
