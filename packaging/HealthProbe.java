// SPDX-License-Identifier: Apache-2.0

import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HexFormat;

/**
 * Asks the agent in this container whether it is alive: ends with 0 when it is, else with 1.
 *
 * <p>It runs all the time, so it must cost next to nothing, and a TLS client of Java's own costs
 * more than the whole rest of it. It sends the first message of a handshake, written out here, and
 * is content when the agent's event loop and its TLS answer. The message offers no key, so the
 * answer is a plain "try again with this curve": no cryptography is done on either side.
 */
class HealthProbe {

    private static final int LIMIT_MS = 4_000;

    /** A TLS 1.3 ClientHello without a key share. */
    private static final String HELLO =
            "160301004c" // handshake record
                    + "010000480303" // ClientHello
                    + "00".repeat(32) // random
                    + "00" // no session
                    + "00021301" // TLS_AES_128_GCM_SHA256
                    + "0100" // no compression
                    + "001d" // extensions
                    + "002b0003020304" // supported_versions: TLS 1.3
                    + "000a000400020017" // supported_groups: secp256r1
                    + "000d000400020403" // signature_algorithms: ecdsa_secp256r1_sha256
                    + "003300020000"; // key_share: none

    public static void main(String[] arguments) throws Exception {
        String host = setting("AGENT_HOST", "127.0.0.1");
        int port = Integer.parseInt(setting("AGENT_PORT", "9001").strip());
        boolean alive;
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(LIMIT_MS);
            socket.connect(new InetSocketAddress(host, port), LIMIT_MS);
            socket.getOutputStream().write(HexFormat.of().parseHex(HELLO));
            alive = socket.getInputStream().read() >= 0;
        }
        System.exit(alive ? 0 : 1);
    }

    private static String setting(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isBlank() ? otherwise : value;
    }
}
