// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.jail;

/** Why the kernel refused a call (errno(3)); the numbers are those of Linux on every 64-bit CPU. */
public enum Errno {
    PERM(1, "Operation not permitted"),
    NOENT(2, "No such file or directory"),
    ACCES(13, "Permission denied"),
    BUSY(16, "Device or resource busy"),
    EXIST(17, "File exists"),
    XDEV(18, "It is on another file system, or outside"),
    NOTDIR(20, "Not a directory"),
    ISDIR(21, "Is a directory"),
    INVAL(22, "Invalid argument"),
    MFILE(24, "Too many open files"),
    FBIG(27, "File too large"),
    NOSPC(28, "No space left on device"),
    ROFS(30, "Read-only file system"),
    NAMETOOLONG(36, "File name too long"),
    NOSYS(38, "Function not implemented"),
    NOTEMPTY(39, "Directory not empty"),
    LOOP(40, "Too many levels of symbolic links, or a link of the kernel's own"),
    OPNOTSUPP(95, "Operation not supported"),
    STALE(116, "Stale file handle"),
    DQUOT(122, "Disk quota exceeded"),
    AGAIN(11, "Resource temporarily unavailable"),
    OTHER(0, "Input/output error");

    private final int number;
    private final String text;

    Errno(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** In words for a person. */
    public String text() {
        return text;
    }

    static Errno of(int number) {
        for (Errno errno : values()) {
            if (errno.number == number) {
                return errno;
            }
        }
        return OTHER;
    }
}
