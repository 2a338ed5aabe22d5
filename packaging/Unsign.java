// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * Takes the signatures off the jars of a laid-out agent. The JVM would read them at every start and
 * keep a digest for each class of a signed jar: 3 MB and a tenth of a second for Bouncy Castle's,
 * whose classes are used once, to make a certificate. They were verified when the agent was built,
 * and nothing in an image checks them again.
 *
 * <p>{@code java Unsign.java /opt/agent/lib}
 */
class Unsign {

    void main(String[] arguments) throws IOException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
        for (Path jar : jars) {
            if (signed(jar)) {
                rewrite(jar);
            }
        }
    }

    private static boolean signed(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            return file.stream().anyMatch(entry -> ofSignature(entry.getName()));
        }
    }

    private static boolean ofSignature(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");
    }

    private static void rewrite(Path jar) throws IOException {
        Path unsigned = jar.resolveSibling(jar.getFileName() + ".unsigned");
        try (JarFile in = new JarFile(jar.toFile(), false);
                OutputStream file = Files.newOutputStream(unsigned)) {
            Manifest manifest = new Manifest(in.getManifest());
            manifest.getEntries().clear();
            try (JarOutputStream out = new JarOutputStream(file, manifest)) {
                for (JarEntry entry : in.stream().toList()) {
                    String name = entry.getName();
                    if (!ofSignature(name) && !name.equals(JarFile.MANIFEST_NAME)) {
                        copy(in, entry, out);
                    }
                }
            }
        }
        Files.setLastModifiedTime(unsigned, Files.getLastModifiedTime(jar));
        Files.move(unsigned, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void copy(JarFile in, JarEntry entry, JarOutputStream out) throws IOException {
        JarEntry copy = new JarEntry(entry.getName());
        copy.setTime(entry.getTime());
        out.putNextEntry(copy);
        try (InputStream bytes = in.getInputStream(entry)) {
            bytes.transferTo(out);
        }
        out.closeEntry();
    }
}
