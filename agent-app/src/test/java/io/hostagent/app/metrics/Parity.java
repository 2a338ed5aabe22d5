// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.metrics;

import io.hostagent.app.fixture.Exposition;
import io.hostagent.app.fixture.Exposition.Family;
import io.hostagent.app.fixture.Exposition.Sample;
import io.hostagent.app.fixture.Exposition.Series;
import io.hostagent.app.metrics.Difference.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The agent's metrics between two scrapes of the reference. What the kernel counts up has to lie
 * between the two; what goes up and down, near them.
 *
 * @param before the reference
 * @param agent scraped next
 * @param after the reference, scraped last
 */
record Parity(Exposition before, Exposition agent, Exposition after) {

    /** One tick of the kernel's clock in seconds, which both may see one earlier or later. */
    private static final double TICK = 0.01;

    private static final double MEBIBYTE = 1 << 20;

    /** Of a number, as it may differ between two moments. */
    private static final double SHARE = 0.01;

    /** Seconds by which a time of the clock may differ, of which a share would be years. */
    private static final double MOMENT = 1;

    /** Of a number, as it may differ by rounding alone. */
    private static final double ROUNDING = 1e-9;

    /** Of two that read the same files, which do not change. */
    static Parity of(Exposition reference, Exposition agent) {
        return new Parity(reference, agent, reference);
    }

    /** All differences, values within the tolerances left out. */
    List<Difference> differences() {
        List<Difference> found = new ArrayList<>();
        for (Family family : before.families()) {
            if (agent.family(family.name()).isEmpty() && after.family(family.name()).isPresent()) {
                found.add(Difference.of(Kind.MISSING, family.name(), family.type()));
            }
        }
        for (Family family : agent.families()) {
            Family reference =
                    before.family(family.name()).or(() -> after.family(family.name())).orElse(null);
            if (reference == null) {
                found.add(Difference.of(Kind.EXTRA, family.name(), family.type()));
            } else {
                compare(reference, family, found);
            }
        }
        return found;
    }

    private void compare(Family reference, Family family, List<Difference> found) {
        String name = family.name();
        if (!reference.type().equals(family.type())) {
            String types = family.type() + " instead of " + reference.type();
            found.add(Difference.of(Kind.TYPE, name, types));
        }
        Map<Series, Double> first = values(before.samples(name));
        Map<Series, Double> last = values(after.samples(name));
        Map<Series, Double> own = values(family.samples());
        first.keySet().stream()
                .filter(series -> last.containsKey(series) && !own.containsKey(series))
                .forEach(series -> found.add(Difference.of(Kind.LABELS, series, "is missing")));
        boolean counts = reference.type().equals("counter");
        own.forEach(
                (series, value) -> {
                    Double one = first.getOrDefault(series, last.get(series));
                    Double other = last.getOrDefault(series, first.get(series));
                    if (one == null || other == null) {
                        found.add(Difference.of(Kind.LABELS, series, "is extra"));
                    } else if (!isBetween(value, one, other, slack(name, counts, one, other))) {
                        String numbers = "%s, not %s to %s".formatted(value, one, other);
                        found.add(Difference.of(Kind.VALUE, series, numbers));
                    }
                });
    }

    private double slack(String name, boolean counts, double one, double other) {
        double size = Math.max(Math.abs(one), Math.abs(other));
        if (before == after) {
            return size * ROUNDING;
        }
        if (counts) {
            return size * ROUNDING + (name.contains("seconds") ? TICK : 0);
        }
        if (name.endsWith("_time_seconds")) {
            return MOMENT;
        }
        return Math.max(size * SHARE, name.endsWith("_bytes") ? MEBIBYTE : 0);
    }

    private static boolean isBetween(double value, double one, double other, double slack) {
        if (Double.isNaN(value) || Double.isNaN(one)) {
            return Double.isNaN(value) == Double.isNaN(one);
        }
        if (Double.isInfinite(value)) {
            return value == one || value == other;
        }
        return value >= Math.min(one, other) - slack && value <= Math.max(one, other) + slack;
    }

    private static Map<Series, Double> values(List<Sample> samples) {
        Map<Series, Double> values = new HashMap<>();
        samples.forEach(sample -> values.put(sample.series(), sample.value()));
        return values;
    }

    /** Differences in what promtool says of the families that both have. */
    static List<Difference> complaints(List<String> reference, List<String> agent, Parity both) {
        List<Difference> found = new ArrayList<>();
        TreeSet<String> all = new TreeSet<>(reference);
        all.addAll(agent);
        for (String complaint : all) {
            String name = complaint.split(" ", 2)[0];
            boolean shared =
                    both.agent.family(name).isPresent() && both.before.family(name).isPresent();
            if (shared && reference.contains(complaint) != agent.contains(complaint)) {
                String who = agent.contains(complaint) ? "only of the agent: " : "missing: ";
                found.add(Difference.of(Kind.COMPLAINT, name, who + complaint));
            }
        }
        return found;
    }
}
