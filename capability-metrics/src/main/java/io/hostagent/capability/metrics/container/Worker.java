// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.kernel.KernelFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What one thread needs to read containers, and what it remembers from one to the next: the labels
 * of devices and interfaces, of which all containers have the same few. For one thread at a time.
 */
final class Worker {

    /** More than that were never seen on a host; it only stops a host that makes them endlessly. */
    private static final int MOST = 512;

    /** A number may be given to another device. */
    private static final long REMEMBERED = Duration.ofMinutes(10).toNanos();

    private final KernelText text = new KernelText();
    private final Numbers numbers = new Numbers();
    private final List<BlockDevice> devices = new ArrayList<>();
    private final List<String> interfaces = new ArrayList<>();
    private final List<Labels> interfaceLabels = new ArrayList<>();
    private final Path sys;
    private Map<String, Integer> sizes = Map.of();
    private long since;

    /**
     * Knows nothing yet.
     *
     * @param sys of the host, which has the names of devices
     */
    Worker(Path sys) {
        this.sys = sys;
    }

    /** Begins a scrape; what it finds goes into the set, which is as large as the one before. */
    SampleSet begin(long now) {
        if (now - since > REMEMBERED) {
            devices.clear();
            since = now;
        }
        return new SampleSet(sizes);
    }

    /** Ends it. */
    void end(SampleSet samples) {
        sizes = samples.sizes();
    }

    KernelText text() {
        return text;
    }

    Numbers numbers() {
        return numbers;
    }

    /** The device whose number is the field, such as {@code 254:0}. */
    BlockDevice device() throws KernelFormatException {
        for (BlockDevice device : devices) {
            if (text.is(device.number())) {
                return device;
            }
        }
        String number = text.text();
        if (!number.matches("[0-9]{1,9}:[0-9]{1,9}")) {
            throw new KernelFormatException("'" + number + "' is no device");
        }
        if (devices.size() == MOST) {
            devices.clear();
        }
        String name = KernelFile.linked(sys.resolve("dev/block").resolve(number));
        // What stands for a slash in sysfs, as in cciss!c0d0.
        BlockDevice device =
                new BlockDevice(number, name == null ? "" : "/dev/" + name.replace('!', '/'));
        devices.add(device);
        return device;
    }

    /** The label of the interface whose name and a colon are the field. */
    Labels networkInterface() throws KernelFormatException {
        for (int i = 0; i < interfaces.size(); i++) {
            if (text.is(interfaces.get(i))) {
                return interfaceLabels.get(i);
            }
        }
        String name = text.text();
        if (!name.endsWith(":")) {
            throw new KernelFormatException("'" + name + "' is no interface");
        }
        if (interfaces.size() == MOST) {
            interfaces.clear();
            interfaceLabels.clear();
        }
        Labels labels = Labels.of("interface", name.substring(0, name.length() - 1));
        interfaces.add(name);
        interfaceLabels.add(labels);
        return labels;
    }
}
