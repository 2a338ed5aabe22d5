// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

/** Why the kernel does not tell about something, as its error number says, see errno(3). */
final class Reason {

    static final int NOT_PERMITTED = 1;

    private Reason() {}

    /** In words, for what a mount point can give; the number where it is another one. */
    static String of(int errno) {
        return switch (errno) {
            case NOT_PERMITTED -> "operation not permitted";
            case 2 -> "no such file or directory";
            case 5 -> "input/output error";
            case 6 -> "no such device or address";
            case 13 -> "permission denied";
            case 19 -> "no such device";
            case 20 -> "not a directory";
            case 38 -> "function not implemented";
            case 40 -> "too many levels of symbolic links";
            case 103 -> "software caused connection abort";
            case 107 -> "transport endpoint is not connected";
            case 110 -> "connection timed out";
            case 112 -> "host is down";
            case 113 -> "no route to host";
            case 116 -> "stale NFS file handle";
            default -> "errno " + errno;
        };
    }
}
