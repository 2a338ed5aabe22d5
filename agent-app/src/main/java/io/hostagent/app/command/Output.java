// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

/** How a list is printed. */
enum Output {
    TEXT,
    JSON
}
