// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Somebody in the agents' network who does not know their secret, with a certificate of his own. A
 * program of its own, since it runs in the network of a container: {@code Stranger KEYSTORE listen}
 * poses as an agent and prints what it is sent; {@code Stranger KEYSTORE ask ADDRESS SNI|- PATH}
 * asks an agent and prints what it is told.
 */
final class Stranger {

    static final String PASSWORD = "stranger";

    private static final int PORT = 9001;
    private static final int PATIENCE_MS = 5_000;

    private Stranger() {}

    /** Prints lines, each beginning with what happened. */
    public static void main(String[] arguments) throws Exception {
        SSLContext context = context(Path.of(arguments[0]));
        if (arguments[1].equals("listen")) {
            listen(context);
        } else {
            ask(context, arguments[2], arguments[3], arguments[4]);
        }
    }

    private static SSLContext context(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), new TrustManager[] {new Gullible()}, null);
        return context;
    }

    private static void listen(SSLContext context) throws IOException {
        try (SSLServerSocket server =
                (SSLServerSocket) context.getServerSocketFactory().createServerSocket(PORT)) {
            server.setWantClientAuth(true);
            System.out.println("listening");
            while (true) {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> hear(client));
            }
        }
    }

    private static void hear(Socket client) {
        try (client) {
            client.setSoTimeout(PATIENCE_MS);
            System.out.println("connection " + client.getInetAddress().getHostAddress());
            byte[] heard = new byte[8192];
            int count = client.getInputStream().read(heard);
            System.out.println(
                    count < 0 ? "ended" : "heard " + new String(heard, 0, count, ISO_8859_1));
        } catch (IOException e) {
            System.out.println("refused " + e.getMessage());
        }
    }

    private static void ask(SSLContext context, String address, String name, String path)
            throws IOException {
        try (SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(InetAddress.ofLiteral(address), PORT)) {
            socket.setSoTimeout(PATIENCE_MS);
            if (!name.equals("-")) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName(name)));
                socket.setSSLParameters(parameters);
            }
            String request =
                    "GET " + path + " HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            System.out.println(
                    "told " + new String(socket.getInputStream().readAllBytes(), ISO_8859_1));
        } catch (IOException e) {
            System.out.println("refused " + e.getMessage());
        }
    }

    /** Takes every certificate. */
    private static final class Gullible extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
