// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.text;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A canonical Huffman code as RFC 1951, section 3.2.2, numbers it: the more often a symbol is
 * expected, the fewer bits it has.
 */
final class HuffmanCode {

    /** The most bits that a symbol may have there. */
    static final int LONGEST = 15;

    private final int[] lengths;
    private final int[] codes;

    /** A symbol, or two such trees with the symbol of the first one. */
    private record Tree(long weight, int symbol, List<Tree> parts) {}

    private HuffmanCode(int[] lengths) {
        this.lengths = lengths;
        codes = numbered(lengths);
    }

    /**
     * Makes the shortest code for symbols that come so often.
     *
     * @param weights of two symbols or more; none is less than 1
     * @throws IllegalArgumentException when a symbol would have more than {@link #LONGEST} bits
     */
    static HuffmanCode of(int... weights) {
        PriorityQueue<Tree> trees =
                new PriorityQueue<>(
                        Comparator.comparingLong(Tree::weight).thenComparingInt(Tree::symbol));
        for (int symbol = 0; symbol < weights.length; symbol++) {
            trees.add(new Tree(weights[symbol], symbol, List.of()));
        }
        while (trees.size() > 1) {
            Tree first = trees.remove();
            Tree second = trees.remove();
            long weight = first.weight + second.weight;
            trees.add(new Tree(weight, first.symbol, List.of(first, second)));
        }
        int[] lengths = new int[weights.length];
        measure(trees.remove(), 0, lengths);
        return new HuffmanCode(lengths);
    }

    private static void measure(Tree tree, int depth, int[] lengths) {
        if (depth > LONGEST) {
            throw new IllegalArgumentException("symbol " + tree.symbol + " comes too rarely");
        }
        if (tree.parts.isEmpty()) {
            lengths[tree.symbol] = depth;
        }
        for (Tree part : tree.parts) {
            measure(part, depth + 1, lengths);
        }
    }

    private static int[] numbered(int[] lengths) {
        int[] codes = new int[lengths.length];
        int code = 0;
        for (int length = 1; length <= LONGEST; length++) {
            for (int symbol = 0; symbol < lengths.length; symbol++) {
                if (lengths[symbol] == length) {
                    // Bits are written from the lowest on, and those of a code from its highest on.
                    codes[symbol] = Integer.reverse(code) >>> (Integer.SIZE - length);
                    code++;
                }
            }
            code <<= 1;
        }
        return codes;
    }

    /** How many symbols there are. */
    int size() {
        return lengths.length;
    }

    /** How many bits a symbol has. */
    int length(int symbol) {
        return lengths[symbol];
    }

    /** The bits of a symbol, the first one lowest. */
    int bits(int symbol) {
        return codes[symbol];
    }
}
