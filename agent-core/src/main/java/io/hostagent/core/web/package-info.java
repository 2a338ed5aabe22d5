// SPDX-License-Identifier: Apache-2.0
/** The one door to the agent: every request is parsed, authenticated, judged and audited here. */
@NullMarked
package io.hostagent.core.web;

import org.jspecify.annotations.NullMarked;
