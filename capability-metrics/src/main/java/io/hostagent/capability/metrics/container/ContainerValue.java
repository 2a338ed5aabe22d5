// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import static io.hostagent.capability.metrics.sample.Family.counter;
import static io.hostagent.capability.metrics.sample.Family.gauge;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;

/**
 * A number that a container has once, and the sample that it becomes. Those of one family follow
 * one another. Where a name and its type do not fit, as in {@code container_memory_failcnt}, they
 * are what dashboards know.
 */
enum ContainerValue {
    LAST_SEEN(gauge("container_last_seen", "When it was last seen, which is now, in Unix seconds")),
    HEALTH_STATE(
            gauge(
                    "container_health_state",
                    "Its health check: 1 healthy, 0 not or not yet, -1 none")),
    CREATION_TIME(gauge("container_creation_time_seconds", "When it was made, in Unix seconds")),
    START_TIME(gauge("container_start_time_seconds", "When it was started, in Unix seconds")),

    SPEC_CPU_PERIOD(gauge("container_spec_cpu_period", "CPU period in microseconds")),
    SPEC_CPU_QUOTA(gauge("container_spec_cpu_quota", "CPU time per period in microseconds")),
    SPEC_CPU_SHARES(gauge("container_spec_cpu_shares", "Its weight where CPU time is short")),
    SPEC_MEMORY_LIMIT(
            gauge("container_spec_memory_limit_bytes", "Memory it may use; 0 without a limit")),
    SPEC_MEMORY_SWAP_LIMIT(
            gauge("container_spec_memory_swap_limit_bytes", "Swap it may use; 0 without a limit")),
    SPEC_MEMORY_RESERVATION(
            gauge(
                    "container_spec_memory_reservation_limit_bytes",
                    "Memory that is taken from it last; 0 without a reservation")),

    CPU_USAGE(Named.CPU_USAGE, Labels.of("cpu", "total")),
    CPU_USER(counter("container_cpu_user_seconds_total", "CPU time in user mode")),
    CPU_SYSTEM(counter("container_cpu_system_seconds_total", "CPU time in the kernel")),
    CFS_PERIODS(counter("container_cpu_cfs_periods_total", "Periods in which it wanted to run")),
    CFS_THROTTLED_PERIODS(
            counter(
                    "container_cpu_cfs_throttled_periods_total",
                    "Periods in which it was stopped")),
    CFS_THROTTLED_SECONDS(
            counter("container_cpu_cfs_throttled_seconds_total", "How long it was stopped")),
    CFS_BURST_PERIODS(
            counter("container_cpu_cfs_burst_periods_total", "Periods in which it took a burst")),
    CFS_BURST_SECONDS(
            counter("container_cpu_cfs_burst_seconds_total", "CPU time beyond its quota")),
    LOAD_AVERAGE(gauge("container_cpu_load_average_10s", "Always 0: the kernel does not tell")),
    LOAD_D_AVERAGE(gauge("container_cpu_load_d_average_10s", "Always 0: the kernel does not tell")),
    TASKS_SLEEPING(Named.TASKS, Labels.of("state", "sleeping")),
    TASKS_RUNNING(Named.TASKS, Labels.of("state", "running")),
    TASKS_STOPPED(Named.TASKS, Labels.of("state", "stopped")),
    TASKS_UNINTERRUPTIBLE(Named.TASKS, Labels.of("state", "uninterruptible")),
    TASKS_IOWAITING(Named.TASKS, Labels.of("state", "iowaiting")),

    MEMORY_USAGE(gauge("container_memory_usage_bytes", "Memory in use, caches included")),
    MEMORY_WORKING_SET(
            gauge("container_memory_working_set_bytes", "Memory in use without idle file pages")),
    MEMORY_RSS(gauge("container_memory_rss", "Bytes of anonymous memory")),
    MEMORY_CACHE(gauge("container_memory_cache", "Bytes of cached files")),
    MEMORY_SWAP(gauge("container_memory_swap", "Bytes in swap")),
    MEMORY_MAPPED_FILE(gauge("container_memory_mapped_file", "Bytes of mapped files")),
    MEMORY_KERNEL(gauge("container_memory_kernel_usage", "Bytes the kernel uses for it")),
    MEMORY_MAX_USAGE(gauge("container_memory_max_usage_bytes", "The most it ever used")),
    MEMORY_FAILCNT(counter("container_memory_failcnt", "How often it met its limit")),
    PGFAULT_OWN(Named.FAILURES, Labels.of("failure_type", "pgfault", "scope", "container")),
    PGFAULT_ALL(Named.FAILURES, Labels.of("failure_type", "pgfault", "scope", "hierarchy")),
    PGMAJFAULT_OWN(Named.FAILURES, Labels.of("failure_type", "pgmajfault", "scope", "container")),
    PGMAJFAULT_ALL(Named.FAILURES, Labels.of("failure_type", "pgmajfault", "scope", "hierarchy")),
    MEMORY_ACTIVE_FILE(
            gauge("container_memory_total_active_file_bytes", "File pages in recent use")),
    MEMORY_INACTIVE_FILE(
            gauge("container_memory_total_inactive_file_bytes", "File pages not in recent use")),
    MEMORY_EVENTS_HIGH(
            counter("container_memory_events_high_total", "How often it was above memory.high")),
    MEMORY_EVENTS_MAX(
            counter("container_memory_events_max_total", "How often it was at memory.max")),
    MEMORY_DIRTY(gauge("container_memory_file_dirty_bytes", "File pages not written yet")),
    MEMORY_WRITEBACK(gauge("container_memory_file_writeback_bytes", "File pages being written")),
    MEMORY_PGSCAN(counter("container_memory_pgscan_total", "Pages looked at to be freed")),
    MEMORY_PGSTEAL(counter("container_memory_pgsteal_total", "Pages freed")),
    REFAULT_FILE(
            counter(
                    "container_memory_workingset_refault_file_total",
                    "File pages that were freed and needed again")),
    REFAULT_ANON(
            counter(
                    "container_memory_workingset_refault_anon_total",
                    "Anonymous pages that were swapped out and needed again")),
    OOM_EVENTS(counter("container_oom_events_total", "Processes killed because memory was short")),

    PRESSURE_CPU_WAITING(
            counter(
                    "container_pressure_cpu_waiting_seconds_total",
                    "Time in which some task waited for a CPU")),
    PRESSURE_CPU_STALLED(
            counter(
                    "container_pressure_cpu_stalled_seconds_total",
                    "Time in which all tasks waited for a CPU")),
    PRESSURE_MEMORY_WAITING(
            counter(
                    "container_pressure_memory_waiting_seconds_total",
                    "Time in which some task waited for memory")),
    PRESSURE_MEMORY_STALLED(
            counter(
                    "container_pressure_memory_stalled_seconds_total",
                    "Time in which all tasks waited for memory")),
    PRESSURE_IO_WAITING(
            counter(
                    "container_pressure_io_waiting_seconds_total",
                    "Time in which some task waited for input or output")),
    PRESSURE_IO_STALLED(
            counter(
                    "container_pressure_io_stalled_seconds_total",
                    "Time in which all tasks waited for input or output")),

    PROCESSES(gauge("container_processes", "Processes in it")),
    FILE_DESCRIPTORS(gauge("container_file_descriptors", "Open descriptors of its processes")),
    SOCKETS(gauge("container_sockets", "Those of the open descriptors that are sockets")),
    THREADS(gauge("container_threads", "Tasks in it")),
    THREADS_MAX(gauge("container_threads_max", "Tasks it may have; 0 without a limit")),
    ULIMIT_OPEN_FILES(
            gauge("container_ulimits_soft", "Soft limits of its first process; -1 without one"),
            Labels.of("ulimit", "max_open_files"));

    @SuppressWarnings("ImmutableEnumChecker") // a record of texts
    private final Family family;

    @SuppressWarnings("ImmutableEnumChecker") // written once when made, and never changed
    private final Labels detail;

    ContainerValue(Family family) {
        this(family, Labels.NONE);
    }

    ContainerValue(Family family, Labels detail) {
        this.family = family;
        this.detail = detail;
    }

    Family family() {
        return family;
    }

    /** What of the container it is. */
    Labels detail() {
        return detail;
    }

    /** Families with more than one number of a container. */
    static final class Named {
        static final Family CPU_USAGE =
                counter("container_cpu_usage_seconds_total", "CPU time it used");
        static final Family TASKS =
                gauge("container_tasks_state", "Always 0: the kernel does not tell");
        static final Family FAILURES =
                counter("container_memory_failures_total", "Page faults by type and by scope");

        private Named() {}
    }
}
