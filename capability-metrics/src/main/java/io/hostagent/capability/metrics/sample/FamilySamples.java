// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.sample;

import java.util.Arrays;

/**
 * The samples of one family in columns. A sample has two sets of labels, so that those of a
 * container and that of a network interface are both written down once and never joined.
 */
public final class FamilySamples {

    private static final int FIRST_SIZE = 4;

    /** For a family of which no sample has one yet, as most have none at all. */
    private static final Labels[] NO_DETAILS = {};

    /** For a family whose samples are called as it is. */
    private static final String[] NO_NAMES = {};

    private final Family family;
    private Labels[] subjects;
    private Labels[] details = NO_DETAILS;
    private String[] names = NO_NAMES;
    private double[] values;
    private int size;

    /**
     * Has no sample.
     *
     * @param expected how many there will be, perhaps
     */
    FamilySamples(Family family, int expected) {
        this.family = family;
        int first = Math.max(expected, FIRST_SIZE);
        subjects = new Labels[first];
        values = new double[first];
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
            values = Arrays.copyOf(values, more);
        }
        subjects[size] = subject;
        addDetail(detail);
        values[size] = value;
        size++;
    }

    /**
     * Adds a sample of a histogram or a summary, all of which are added so.
     *
     * @param name one of {@link Family#names()}
     */
    public void add(String name, Labels labels, double value) {
        int index = size;
        add(labels, value);
        if (names.length < values.length) {
            names = Arrays.copyOf(names, values.length);
        }
        names[index] = name;
    }

    @SuppressWarnings("ReferenceEquality") // the constant is what those without one are given
    private void addDetail(Labels detail) {
        if (size >= details.length) {
            if (detail == Labels.NONE) {
                return;
            }
            int before = details.length;
            details = Arrays.copyOf(details, values.length);
            Arrays.fill(details, before, details.length, Labels.NONE);
        }
        details[size] = detail;
    }

    /** What they are samples of. */
    public Family family() {
        return family;
    }

    /** How many there are. */
    public int size() {
        return size;
    }

    /** Whether samples have names of their own. */
    public boolean hasNames() {
        return names.length > 0;
    }

    /** What the sample is called. */
    public String name(int index) {
        return hasNames() ? names[index] : family.name();
    }

    /** What the sample is about. */
    public Labels subject(int index) {
        return subjects[index];
    }

    /** What of it. */
    public Labels detail(int index) {
        return index < details.length ? details[index] : Labels.NONE;
    }

    /** The number. */
    public double value(int index) {
        return values[index];
    }
}
