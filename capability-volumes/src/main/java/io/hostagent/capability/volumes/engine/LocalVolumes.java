// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.error.AgentException;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.error.EngineException;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Volumes of the engine's own driver. */
public final class LocalVolumes {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final EngineApi engine;

    public LocalVolumes(EngineApi engine) {
        this.engine = engine;
    }

    /**
     * Where the engine keeps the files of one; it blocks.
     *
     * @return a folder of the host
     * @throws AgentException 404 when there is none, 409 when it is of another driver
     */
    public Path folder(String name) {
        String target = "/volumes/" + URLEncoder.encode(name, UTF_8).replace("+", "%20");
        try {
            Object volume =
                    engine.get(target, LIMIT)
                            .toFuture()
                            .get(LIMIT.toSeconds() + 1, TimeUnit.SECONDS);
            String driver = EngineApi.text(volume, "Driver");
            if (!driver.equals("local")) {
                throw new CallerException(
                        409,
                        "Volume " + name + " is not the engine's own",
                        "It is of the driver " + driver + "; only local volumes are imported");
            }
            return Path.of(EngineApi.text(volume, "Mountpoint"));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AgentException known) {
                throw known;
            }
            throw EngineException.failed(e.getCause());
        } catch (TimeoutException e) {
            throw EngineException.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EngineException.failed(e);
        }
    }
}
