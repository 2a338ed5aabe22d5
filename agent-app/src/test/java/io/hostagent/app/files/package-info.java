// SPDX-License-Identifier: Apache-2.0
/** Browsing files of volumes and of the host, by the agent's own image on real engines. */
@NullMarked
package io.hostagent.app.files;

import org.jspecify.annotations.NullMarked;
