// SPDX-License-Identifier: Apache-2.0
/** The host capability in the agent's own image, on hosts of the lab. */
@NullMarked
package io.hostagent.app.host;

import org.jspecify.annotations.NullMarked;
