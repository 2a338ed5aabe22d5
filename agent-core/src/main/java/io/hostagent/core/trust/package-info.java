// SPDX-License-Identifier: Apache-2.0
/**
 * Who may call the agent: signatures, bearer tokens, and the record of what was let in or refused.
 */
@NullMarked
package io.hostagent.core.trust;

import org.jspecify.annotations.NullMarked;
