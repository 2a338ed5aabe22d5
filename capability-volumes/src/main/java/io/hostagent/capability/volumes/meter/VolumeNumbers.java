// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.meter;

import io.hostagent.capability.volumes.event.VolumeEvent;
import io.hostagent.capability.volumes.event.VolumeEvents;
import io.hostagent.capability.volumes.service.KnownVolume;
import io.hostagent.capability.volumes.service.PoolStatus;
import io.hostagent.capability.volumes.service.Volumes;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.core.meter.OwnNumbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The volumes and pools of this host, and how often something happened to one. */
public final class VolumeNumbers implements OwnNumbers, VolumeEvents {

    private final Supplier<Volumes> volumes;
    private final Map<String, LongAdder> actions = new ConcurrentSkipListMap<>();

    public VolumeNumbers(Supplier<Volumes> volumes) {
        this.volumes = volumes;
    }

    @Override
    public void publish(VolumeEvent event) {
        actions.computeIfAbsent(event.action(), action -> new LongAdder()).increment();
    }

    @Override
    public List<OwnNumber> read() {
        List<OwnNumber> numbers = new ArrayList<>();
        List<KnownVolume> all = volumes.get().all();
        each(
                numbers,
                "agent_volume_info",
                "A volume of this host: 1.",
                all,
                VolumeNumbers::description,
                known -> 1);
        volume(
                numbers,
                "agent_volume_epoch",
                "How often the volume was given to somebody anew.",
                all,
                known -> known.record().epoch());
        volume(
                numbers,
                "agent_volume_limit_bytes",
                "Size that the volume may have; 0: any.",
                all,
                known -> known.record().spec().size());
        volume(
                numbers,
                "agent_volume_mounted",
                "Whether the volume is mounted on this host.",
                all,
                known -> known.mountpoint().isPresent() ? 1 : 0);
        volume(
                numbers,
                "agent_volume_holds",
                "Holds that were given on the volume, ended ones among them.",
                all,
                known -> known.record().holds().size());
        pools(numbers);
        actions.forEach(
                (action, count) ->
                        numbers.add(
                                new OwnNumber(
                                        "agent_volume_events_total",
                                        "How often something happened to a volume, by what it was.",
                                        true,
                                        Map.of("action", action),
                                        count.sum())));
        return numbers;
    }

    private void pools(List<OwnNumber> numbers) {
        List<PoolStatus> working =
                volumes.get().pools().stream().filter(pool -> pool.probe().works()).toList();
        Function<PoolStatus, Map<String, String>> label =
                pool -> Map.of("backend", pool.kind().word());
        each(
                numbers,
                "agent_volume_pool_size_bytes",
                "Size of the file system that a pool is on.",
                working,
                label,
                pool -> pool.probe().capacity());
        each(
                numbers,
                "agent_volume_pool_free_bytes",
                "What is free of it.",
                working,
                label,
                pool -> pool.probe().free());
    }

    private static void volume(
            List<OwnNumber> numbers,
            String name,
            String help,
            List<KnownVolume> all,
            ToDoubleFunction<KnownVolume> value) {
        each(
                numbers,
                name,
                help,
                all,
                known -> Map.of("volume", known.record().name().value()),
                value);
    }

    private static <T> void each(
            List<OwnNumber> numbers,
            String name,
            String help,
            List<T> things,
            Function<T, Map<String, String>> labels,
            ToDoubleFunction<T> value) {
        for (T thing : things) {
            numbers.add(
                    new OwnNumber(
                            name, help, false, labels.apply(thing), value.applyAsDouble(thing)));
        }
    }

    private static Map<String, String> description(KnownVolume known) {
        VolumeRecord record = known.record();
        return Map.of(
                "volume", record.name().value(),
                "id", record.id().toString(),
                "backend", record.spec().backend().word(),
                "class", record.spec().volumeClass(),
                "state", record.state().word(),
                "owner", record.owner());
    }
}
