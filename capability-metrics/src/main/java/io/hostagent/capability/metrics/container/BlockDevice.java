// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import java.util.ArrayList;
import java.util.List;

/** The labels of samples about one block device, each made once. For one thread. */
final class BlockDevice {

    private final String number;
    private final String path;
    private final Labels labels;
    private final List<String> operations = new ArrayList<>();
    private final List<Labels> operationLabels = new ArrayList<>();

    /**
     * Names a device.
     *
     * @param number major and minor, such as {@code 254:0}
     * @param path such as {@code /dev/vda}; empty when the host has no name for it
     */
    BlockDevice(String number, String path) {
        this.number = number;
        this.path = path;
        labels = Labels.of("device", path);
    }

    /** Major and minor number. */
    String number() {
        return number;
    }

    /** Those of what is told of the device as a whole. */
    Labels labels() {
        return labels;
    }

    /** Those of what is told of {@code Read}, {@code Write} and the like. */
    Labels operation(String operation) {
        for (int i = 0; i < operations.size(); i++) {
            if (operations.get(i).equals(operation)) {
                return operationLabels.get(i);
            }
        }
        return withOperation(operation);
    }

    /** Those of the operation that is the field. */
    Labels operation(KernelText text) {
        for (int i = 0; i < operations.size(); i++) {
            if (text.is(operations.get(i))) {
                return operationLabels.get(i);
            }
        }
        return withOperation(text.text());
    }

    private Labels withOperation(String operation) {
        int colon = number.indexOf(':');
        Labels made =
                Labels.of(
                        List.of(
                                new Label("device", path),
                                new Label("major", number.substring(0, colon)),
                                new Label("minor", number.substring(colon + 1)),
                                new Label("operation", operation)));
        operations.add(operation);
        operationLabels.add(made);
        return made;
    }
}
