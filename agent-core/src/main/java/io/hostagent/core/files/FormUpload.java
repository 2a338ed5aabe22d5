// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.error.CallerException;
import io.hostagent.core.jail.JailPath;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** A form with one {@code file}, and the folder that it is for as {@code Path}. */
final class FormUpload implements BodySink {

    private static final int LONGEST_PATH = 16 * 1024;

    private final Upload upload;
    private final FormParser form;

    /**
     * Begins.
     *
     * @param about is told where the file will be before it is there
     */
    FormUpload(FileTree tree, String boundary, Consumer<JailPath> about) throws IOException {
        this.form = new FormParser(boundary, new Fields());
        this.upload = new Upload(tree, about);
    }

    /**
     * The boundary of a form.
     *
     * @throws CallerException 400 when it is of another type
     */
    static String boundary(String contentType) {
        try {
            MediaType type = MediaType.parseMediaType(contentType);
            String boundary = type.getParameter("boundary");
            if (type.isCompatibleWith(MediaType.MULTIPART_FORM_DATA) && boundary != null) {
                return boundary.replaceAll("^\"|\"$", "");
            }
        } catch (InvalidMediaTypeException e) {
            // It is said below.
        }
        throw CallerException.badRequest(
                "Invalid request payload", "It is not multipart/form-data with a boundary");
    }

    @Override
    public void accept(ByteBuf part) throws IOException {
        form.accept(part);
    }

    @Override
    public void finish() throws IOException {
        form.finish();
        upload.finish();
    }

    @Override
    public void close() throws IOException {
        upload.close();
    }

    private final class Fields implements FormParser.Parts {

        private boolean file;
        private @Nullable ByteArrayOutputStream path;

        @Override
        public void begins(ContentDisposition disposition) throws IOException {
            String name = disposition.getName();
            String filename = disposition.getFilename();
            if ("file".equals(name) && filename != null) {
                file = true;
                upload.begin(filename);
            } else if ("Path".equals(name)) {
                path = new ByteArrayOutputStream();
            }
        }

        @Override
        public void content(ByteBuf piece) throws IOException {
            ByteArrayOutputStream text = path;
            if (file) {
                upload.write(piece.nioBuffers());
            } else if (text != null) {
                if (text.size() + piece.readableBytes() > LONGEST_PATH) {
                    throw CallerException.badRequest("Invalid request payload", "Path is too long");
                }
                piece.getBytes(piece.readerIndex(), text, piece.readableBytes());
            }
        }

        @Override
        public void ends() {
            if (path != null) {
                upload.path(path.toString(UTF_8));
            }
            path = null;
            file = false;
        }
    }
}
