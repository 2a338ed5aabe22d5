// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names of counters that one file of the kernel has, in order. There are hundreds, the same in
 * each scrape, and few are wanted: so which of them is kept by position, and a name that stands
 * where it stood in the former scrape is compared and not made into a text again.
 */
final class NetStatFields {

    private record Field(String protocol, String name, @Nullable Family family) {}

    private final NameFilter wanted;
    private final List<Field> fields = new ArrayList<>();
    private int next;

    /** Takes the counters that are wanted, such as {@code Tcp_InSegs}. */
    NetStatFields(NameFilter wanted) {
        this.wanted = wanted;
    }

    /** Reads a file of pairs of lines, names above and numbers below, both behind the protocol. */
    void readPairs(KernelText text, SampleSet samples) throws KernelFormatException {
        next = 0;
        while (text.line()) {
            int first = next;
            String protocol = text.field() ? name("", text).name() : "";
            while (text.field()) {
                name(protocol, text);
            }
            int at = first;
            if (text.line()) {
                while (at < next && text.field()) {
                    tell(fields.get(at), text, samples);
                    at++;
                }
            }
            if (at != next || text.field()) {
                throw new KernelFormatException(protocol + " has more names or more numbers");
            }
        }
    }

    /** Reads a file with a name and a number on each line, as {@code Ip6InOctets 1}. */
    void readLines(KernelText text, SampleSet samples) throws KernelFormatException {
        next = 0;
        while (text.line()) {
            if (text.field()) {
                Field field = name("", text);
                if (text.field()) {
                    tell(field, text, samples);
                }
            }
        }
    }

    private static void tell(Field field, KernelText text, SampleSet samples)
            throws KernelFormatException {
        Family family = field.family();
        if (family != null) {
            samples.family(family).add(text.unsigned());
        }
    }

    private Field name(String protocol, KernelText text) {
        int at = next;
        next++;
        if (at < fields.size()) {
            Field known = fields.get(at);
            if (known.protocol().equals(protocol) && text.is(known.name())) {
                return known;
            }
            Field other = field(protocol, text.text());
            fields.set(at, other);
            return other;
        }
        Field added = field(protocol, text.text());
        fields.add(added);
        return added;
    }

    private Field field(String protocol, String name) {
        String key = key(protocol, name);
        boolean tells = !key.isEmpty() && wanted.takes(key);
        return new Field(
                protocol,
                name,
                tells ? Family.untyped("node_netstat_" + key, "The kernel's " + key + ".") : null);
    }

    /** What a counter is called; empty when it is none. */
    private static String key(String protocol, String name) {
        if (!protocol.isEmpty()) {
            return protocol.substring(0, protocol.length() - 1) + "_" + name;
        }
        int six = name.indexOf('6');
        return six < 0 ? "" : name.substring(0, six + 1) + "_" + name.substring(six + 1);
    }
}
