// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names and addresses under which clients may reach this host, found without asking DNS. */
final class HostNames {

    private static final Pattern DNS_NAME =
            Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*");

    /** A host of containers can have an address for each; a certificate should not. */
    private static final int MOST_ADDRESSES = 64;

    private static final byte[] IPV6_LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private HostNames() {}

    static Set<String> names() {
        Set<String> names = new LinkedHashSet<>(Set.of("localhost"));
        own().ifPresent(names::add);
        return names;
    }

    /** What this host, or this container, calls itself. */
    static Optional<String> own() {
        try {
            return Optional.of(Files.readString(Path.of("/proc/sys/kernel/hostname"), UTF_8))
                    .map(String::strip)
                    .filter(name -> DNS_NAME.matcher(name).matches());
        } catch (IOException e) {
            // Then it is reached as localhost or by address.
            return Optional.empty();
        }
    }

    static Set<InetAddress> addresses() throws IOException {
        Stream<InetAddress> local =
                Stream.of(
                        InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
                        InetAddress.getByAddress(IPV6_LOOPBACK));
        Stream<InetAddress> others =
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .filter(address -> !address.isLoopbackAddress())
                        .filter(address -> !address.isLinkLocalAddress())
                        .limit(MOST_ADDRESSES);
        return Stream.concat(local, others).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
