// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.fixture.RecordedHost;
import org.junit.jupiter.api.Test;

class NetworkAddressesTests {

    @Test
    void areGivenToTheirInterfaces() {
        NetworkAddresses addresses =
                NetworkAddresses.parse(
                        RecordedHost.text("facts/microvm.if_inet6"),
                        RecordedHost.text("facts/microvm.fib_trie"),
                        RecordedHost.text("facts/microvm.route"));

        assertThat(addresses.elsewhere()).isEmpty();
        assertThat(addresses.byInterface().get("lo")).containsExactly("127.0.0.1/8", "::1/128");
        assertThat(addresses.byInterface().get("hostagentlab1")).first().isEqualTo("10.98.0.1/24");
        assertThat(addresses.byInterface().get("eth0"))
                .containsExactly("192.0.2.2/24", "fe80::fc:ff:fe00:1/64", "fd00::2/64");
    }

    /** A leaf may have several routes; that of the machine itself is one of them. */
    @Test
    void areThoseOfTheMachineItself() {
        String trie =
                """
                Local:
                  +-- 0.0.0.0/0 3 0 5
                     |-- 10.0.0.1
                        /24 link UNICAST
                        /32 host LOCAL
                     |-- 10.0.0.255
                        /32 link BROADCAST
                     |-- 10.0.0.2
                        /32 host UNICAST
                """;
        assertThat(NetworkAddresses.parse("", trie, route("eth0", "0000000A", "00FFFFFF")))
                .satisfies(
                        addresses ->
                                assertThat(addresses.byInterface())
                                        .hasSize(1)
                                        .hasEntrySatisfying(
                                                "eth0",
                                                found ->
                                                        assertThat(found)
                                                                .containsExactly("10.0.0.1/24")));
    }

    /** Two interfaces in one network, or none: which has it is not in these files. */
    @Test
    void areGivenToNobodyInDoubt() {
        String trie =
                """
                     |-- 10.0.0.1
                        /32 host LOCAL
                     |-- 172.16.0.1
                        /32 host LOCAL
                """;
        NetworkAddresses addresses =
                NetworkAddresses.parse(
                        "",
                        trie,
                        route("eth0", "0000000A", "00FFFFFF")
                                + route("wlan0", "0000000A", "00FFFFFF"));

        assertThat(addresses.byInterface()).isEmpty();
        assertThat(addresses.elsewhere()).containsExactly("10.0.0.1", "172.16.0.1");
    }

    @Test
    void areNoneInFilesThatHoldNone() {
        NetworkAddresses addresses = NetworkAddresses.parse("", "", "");

        assertThat(addresses.byInterface()).isEmpty();
        assertThat(addresses.elsewhere()).isEmpty();
    }

    private static String route(String name, String network, String mask) {
        return "%s\t%s\t00000000\t0001\t0\t0\t100\t%s\t0\t0\t0\n".formatted(name, network, mask);
    }
}
