// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import io.hostagent.core.trust.Verdict.Granted;
import io.hostagent.core.trust.Verdict.Refused;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an agent that passes a request on says for whom: the header holds a scope and an ID, such as
 * {@code read token:ci}. It is worth something between agents only, and must be taken from what a
 * client sends.
 */
public final class CallerHeader {

    /** The header's name. */
    public static final String NAME = "X-HostAgent-Caller";

    private static final String VIA = " via ";
    private static final String ID = "[a-z]{1,16}:[A-Za-z0-9._-]{1,128}";

    /** An agent passes on for an agent at most a few times. */
    private static final Pattern VALUE =
            Pattern.compile("(\\S{1,16}) (" + ID + "(?:" + VIA + ID + "){0,3})");

    private CallerHeader() {}

    /** The header's value for a caller. */
    public static String of(Caller caller) {
        return caller.scope().word() + " " + caller.id();
    }

    /**
     * Judges the request of an agent that TLS has verified. It may do everything in its own name;
     * for somebody else it may do what they may.
     *
     * @param agent its name
     * @param values of the header: none or one
     */
    public static Verdict judge(String agent, List<String> values) {
        String itself = "agent:" + agent;
        if (values.isEmpty()) {
            return new Granted(new Caller(itself, Scope.ADMIN));
        }
        Matcher value = VALUE.matcher(values.getFirst());
        if (values.size() > 1 || !value.matches()) {
            return malformed();
        }
        return Scope.of(value.group(1))
                .<Verdict>map(
                        scope -> new Granted(new Caller(value.group(2) + VIA + itself, scope)))
                .orElseGet(CallerHeader::malformed);
    }

    private static Verdict malformed() {
        return new Refused(
                400, "Invalid " + NAME + " header", "It takes a scope and who it is for");
    }
}
