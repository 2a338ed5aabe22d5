// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

/** Takes the elements out of one node's list that comes in pieces, cut anywhere. */
final class ListScanner implements JsonSyntax.Listener {

    /** Far more than an engine has to say of one thing, in bytes. */
    private static final long LARGEST_ELEMENT = 16L << 20;

    /** Some 300,000 containers on one node, in bytes. */
    private static final long LARGEST_LIST = 512L << 20;

    /** In bytes; a warning that does not fit is left out. */
    private static final int LARGEST_WARNINGS = 8 * 1024;

    /** More than either name that is looked for. */
    private static final int LARGEST_NAME = 64;

    private static final byte[] COMMA = {','};
    private static final int NOWHERE = -1;

    /** Which member of the object around the list is being read. */
    private enum Section {
        VOLUMES,
        WARNINGS,
        OTHER
    }

    private final ListShape shape;
    private final JsonSyntax syntax;
    private final ElementCopy element;
    private byte[] piece = COMMA;

    private boolean inElement;
    private long elementFrom;

    private Section section = Section.OTHER;
    private boolean volumesFound;
    private final BoundedBytes name = new BoundedBytes(LARGEST_NAME);
    private boolean nameFits;

    /** From where on this piece has a name or a warning that has not ended. */
    private int textFrom = NOWHERE;

    private final BoundedBytes warnings = new BoundedBytes(LARGEST_WARNINGS);
    private int wholeWarnings;
    private boolean warningFits;

    /**
     * Starts with a list.
     *
     * @param nodeName what is added to each element
     * @param out where the elements go, each with a comma in front
     */
    ListScanner(ListShape shape, String nodeName, HeldPages out) {
        this.shape = shape;
        this.syntax = new JsonSyntax(this, shape.level() + 1);
        this.element = new ElementCopy(nodeName, out);
    }

    /**
     * Reads the next piece.
     *
     * @throws BadListException when this is no such list; what was written may be half an element
     */
    void read(byte[] bytes, int from, int to) {
        piece = bytes;
        if (textFrom != NOWHERE) {
            textFrom = from;
        }
        element.pieceStarted(bytes, from);
        syntax.read(bytes, from, to);
        element.pieceEnded(to);
        if (textFrom != NOWHERE) {
            keepText(to);
        }
        if (syntax.before() > LARGEST_LIST) {
            throw new BadListException("its list has more than " + LARGEST_LIST + " bytes");
        }
        if (inElement && syntax.before() - elementFrom > LARGEST_ELEMENT) {
            throw new BadListException("one element has more than " + LARGEST_ELEMENT + " bytes");
        }
    }

    /**
     * Says that nothing more comes.
     *
     * @throws BadListException when the list is not whole
     */
    void end() {
        syntax.end();
        if (shape == ListShape.VOLUMES && !volumesFound) {
            throw new BadListException("its answer has no Volumes");
        }
    }

    /** The texts of an engine's warnings, as they came, with commas between them. */
    byte[] warnings() {
        return warnings.copy();
    }

    @Override
    public void opened(boolean object, int at) {
        int around = syntax.depth() - 1;
        if (inElement) {
            return;
        }
        if (around == 0) {
            require(object == (shape == ListShape.VOLUMES));
        } else if (around < shape.level()) {
            require(!object || section == Section.OTHER);
        } else if (shape == ListShape.ARRAY || section == Section.VOLUMES) {
            require(object);
            inElement = true;
            elementFrom = syntax.before();
            element.opened(at);
        } else {
            require(section == Section.OTHER);
        }
    }

    @Override
    public void closed(int at) {
        if (inElement && syntax.depth() == shape.level()) {
            inElement = false;
            element.closed(at);
        }
    }

    @Override
    public void comma(int at) {
        if (inElement) {
            element.comma(at);
        }
    }

    @Override
    public void nameStarted(int at) {
        if (inElement) {
            element.nameStarted(at);
        } else if (syntax.depth() == 1) {
            name.cut(0);
            nameFits = true;
            textFrom = at;
        }
    }

    @Override
    public void nameEnded(int after) {
        if (inElement) {
            element.nameEnded(after);
        } else if (syntax.depth() == 1) {
            keepText(after);
            textFrom = NOWHERE;
            section = section();
        }
    }

    private Section section() {
        if (!nameFits) {
            return Section.OTHER;
        }
        if (JsonName.spells(name.array(), 0, name.size(), "Volumes")) {
            require(!volumesFound);
            volumesFound = true;
            return Section.VOLUMES;
        }
        return JsonName.spells(name.array(), 0, name.size(), "Warnings")
                ? Section.WARNINGS
                : Section.OTHER;
    }

    @Override
    public void scalar(byte first, int at) {
        if (inElement) {
            return;
        }
        if (syntax.depth() < shape.level()) {
            // An empty list may be null; a wrapping object may not.
            boolean list = syntax.depth() == shape.level() - 1;
            require(list && (first == 'n' || (syntax.depth() > 0 && section == Section.OTHER)));
        } else if (shape == ListShape.VOLUMES && section == Section.WARNINGS) {
            require(first == '"');
            warningFits = warnings.size() == 0 || warnings.append(COMMA, 0, COMMA.length);
            textFrom = at;
        } else {
            require(shape == ListShape.VOLUMES && section == Section.OTHER);
        }
    }

    @Override
    public void stringEnded(int after) {
        if (textFrom == NOWHERE) {
            return;
        }
        keepText(after);
        textFrom = NOWHERE;
        if (!warningFits) {
            warnings.cut(wholeWarnings);
        }
        wholeWarnings = warnings.size();
    }

    private void keepText(int to) {
        if (syntax.depth() == 1) {
            nameFits = nameFits && name.append(piece, textFrom, to);
        } else {
            warningFits = warningFits && warnings.append(piece, textFrom, to);
        }
    }

    private static void require(boolean expected) {
        if (!expected) {
            throw new BadListException("its JSON is no such list");
        }
    }
}
