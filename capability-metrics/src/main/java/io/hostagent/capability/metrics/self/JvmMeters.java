// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.self;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;

/**
 * The Java virtual machine, under Micrometer's names. Collections and threads are read when they
 * are asked for: Micrometer's own binders listen to each collection, and look at each thread six
 * times.
 */
final class JvmMeters implements MeterBinder {

    @Override
    public void bindTo(MeterRegistry registry) {
        new JvmMemoryMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            FunctionTimer.builder(
                            "jvm.gc.pause",
                            collector,
                            GarbageCollectorMXBean::getCollectionCount,
                            GarbageCollectorMXBean::getCollectionTime,
                            TimeUnit.MILLISECONDS)
                    .description("Time spent in collections of this kind.")
                    .tag("gc", collector.getName())
                    .register(registry);
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Gauge.builder("jvm.threads.live", threads, ThreadMXBean::getThreadCount)
                .description("Platform threads, without those that Java does not know.")
                .baseUnit("threads")
                .register(registry);
        Gauge.builder("jvm.threads.daemon", threads, ThreadMXBean::getDaemonThreadCount)
                .description("Platform threads that do not keep the process alive.")
                .baseUnit("threads")
                .register(registry);
        Gauge.builder("jvm.threads.peak", threads, ThreadMXBean::getPeakThreadCount)
                .description("The most platform threads that there were at once.")
                .baseUnit("threads")
                .register(registry);
        RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
        Gauge.builder("process.uptime", runtime, bean -> bean.getUptime() / 1e3)
                .description("Time since the agent was started.")
                .baseUnit("seconds")
                .register(registry);
    }
}
