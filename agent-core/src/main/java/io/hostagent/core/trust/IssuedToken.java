// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import io.hostagent.core.settings.Secret;

/**
 * A token that was just made.
 *
 * @param text the token itself; this is the only time it can be seen
 */
public record IssuedToken(Token token, Secret text) {}
