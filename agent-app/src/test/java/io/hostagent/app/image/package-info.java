// SPDX-License-Identifier: Apache-2.0
/** The agent's image, built and run on real engines. */
@NullMarked
package io.hostagent.app.image;

import org.jspecify.annotations.NullMarked;
