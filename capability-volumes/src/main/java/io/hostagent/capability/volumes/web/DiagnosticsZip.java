// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.relay.BodySource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** The diagnostics as a ZIP archive, made one file after the other. */
final class DiagnosticsZip implements BodySource {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(bytes, UTF_8);
    private final Iterator<Diagnostics.Part> parts;
    private boolean over;

    DiagnosticsZip(List<Diagnostics.Part> parts) {
        this.parts = parts.iterator();
    }

    @Override
    public @Nullable ByteBuf next() throws IOException {
        while (!over && bytes.size() == 0) {
            if (parts.hasNext()) {
                add(parts.next());
            } else {
                zip.finish();
                over = true;
            }
        }
        if (bytes.size() == 0) {
            return null;
        }
        ByteBuf piece = Unpooled.wrappedBuffer(bytes.toByteArray());
        bytes.reset();
        return piece;
    }

    /** A part that cannot be had says so: the others are wanted all the more. */
    private void add(Diagnostics.Part part) throws IOException {
        String name = part.name();
        byte[] content;
        try {
            content = part.content().call();
        } catch (Exception e) {
            name += ".error.txt";
            content = (e + "\n").getBytes(UTF_8);
        }
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
