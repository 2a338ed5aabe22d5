// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.sample;

import java.util.Arrays;

/**
 * The samples of one family in columns. A sample has two sets of labels, so that those of a
 * container and that of a network interface are both written down once and never joined.
 */
public final class FamilySamples {

    private static final int FIRST_SIZE = 4;

    private final Family family;
    private Labels[] subjects;
    private Labels[] details;
    private double[] values;
    private int size;

    FamilySamples(Family family) {
        this.family = family;
        subjects = new Labels[FIRST_SIZE];
        details = new Labels[FIRST_SIZE];
        values = new double[FIRST_SIZE];
    }

    /** Adds the one sample of a family without labels. */
    public void add(double value) {
        add(Labels.NONE, Labels.NONE, value);
    }

    /** Adds a sample. */
    public void add(Labels labels, double value) {
        add(labels, Labels.NONE, value);
    }

    /**
     * Adds a sample.
     *
     * @param subject such as the labels of a container
     * @param detail such as a network interface of it; of other names than the subject's
     */
    public void add(Labels subject, Labels detail, double value) {
        if (size == values.length) {
            int more = size * 2;
            subjects = Arrays.copyOf(subjects, more);
            details = Arrays.copyOf(details, more);
            values = Arrays.copyOf(values, more);
        }
        subjects[size] = subject;
        details[size] = detail;
        values[size] = value;
        size++;
    }

    /** What they are samples of. */
    public Family family() {
        return family;
    }

    /** How many there are. */
    public int size() {
        return size;
    }

    /** What the sample is about. */
    public Labels subject(int index) {
        return subjects[index];
    }

    /** What of it. */
    public Labels detail(int index) {
        return details[index];
    }

    /** The number. */
    public double value(int index) {
        return values[index];
    }
}
