// SPDX-License-Identifier: Apache-2.0
/** Benchmarks: each prints a ratio against a reference in the same run. */
@NullMarked
package io.hostagent.app.benchmark;

import org.jspecify.annotations.NullMarked;
