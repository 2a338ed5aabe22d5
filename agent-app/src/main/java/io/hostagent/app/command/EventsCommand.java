// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.json.JsonTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code agent volumes events}: a line each. */
@Command(name = "events", description = "Shows what happened to volumes.")
final class EventsCommand implements Callable<Integer> {

    private static final String DATA = "data: ";

    private final VolumesConsole console;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on with what happens, until it is ended.")
    private boolean follow;

    EventsCommand(VolumesConsole console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (follow) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            console.client().stream("/v2/volume-events?after=0", part -> read(part, line));
            throw new IOException("the agent has ended the stream");
        }
        JsonTree.list(console.client().call("GET", "/v2/volume-events?follow=0", null).json())
                .forEach(this::show);
        return AgentCommands.DONE;
    }

    /** Lines may be cut anywhere. */
    private void read(byte[] part, ByteArrayOutputStream line) {
        for (byte one : part) {
            if (one != '\n') {
                line.write(one);
                continue;
            }
            String text = line.toString(UTF_8);
            line.reset();
            if (text.startsWith(DATA)) {
                show(JsonTree.read(text.substring(DATA.length())));
            }
        }
    }

    private void show(@Nullable Object event) {
        String words =
                JsonTree.at(event, "upTo") != null
                        ? "Some events before this are not known any more"
                        : "%s  %s  %s%s"
                                .formatted(
                                        Table.text(JsonTree.text(event, "at")),
                                        Table.text(JsonTree.text(event, "action")),
                                        Table.text(JsonTree.text(event, "volume")),
                                        details(event));
        console.line(spec, event, words);
    }

    private static String details(@Nullable Object event) {
        return JsonTree.map(event, "details").entrySet().stream()
                .map(detail -> "  " + detail.getKey() + "=" + Table.text(detail.getValue()))
                .collect(Collectors.joining());
    }
}
