// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.node.RaidArray.Activity;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** Arrays of disks that the kernel builds, from {@code /proc/mdstat}. */
final class MdadmCollector implements NodeCollector {

    private static final Family REQUIRED =
            Family.gauge("node_md_disks_required", "Disks that an array should have.");
    private static final Family DISKS =
            Family.gauge("node_md_disks", "Disks of an array that work, failed or wait.");
    private static final Family STATE =
            Family.gauge("node_md_state", "What an array does: 1 for that, 0 for the others.");
    private static final Family BLOCKS =
            Family.gauge("node_md_blocks", "The size of an array, in KiB.");
    private static final Family SYNCED =
            Family.gauge("node_md_blocks_synced", "How much of an array is in sync, in KiB.");

    /** Those that are told, by their label. */
    private static final Map<Activity, String> STATES =
            new EnumMap<>(
                    Map.of(
                            Activity.ACTIVE, "active",
                            Activity.INACTIVE, "inactive",
                            Activity.RECOVERING, "recovering",
                            Activity.RESYNCING, "resync",
                            Activity.CHECKING, "check"));

    @Override
    public String name() {
        return "mdadm";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        scrape.optional(scrape.proc("mdstat"), "no arrays of disks");
        for (RaidArray array : RaidArray.parse(scrape.text().all())) {
            Labels device = Labels.of("device", array.name());
            samples.family(REQUIRED).add(device, (double) array.required());
            samples.family(DISKS).add(device.and("state", "active"), (double) array.active());
            samples.family(DISKS).add(device.and("state", "failed"), (double) array.failed());
            samples.family(DISKS).add(device.and("state", "spare"), (double) array.spare());
            STATES.forEach(
                    (activity, state) ->
                            samples.family(STATE)
                                    .add(
                                            device.and("state", state),
                                            activity == array.activity() ? 1 : 0));
            samples.family(BLOCKS).add(device, (double) array.blocks());
            samples.family(SYNCED).add(device, (double) array.synced());
        }
    }
}
