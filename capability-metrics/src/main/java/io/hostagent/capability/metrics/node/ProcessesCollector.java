// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many processes and threads there are, and what they do, from {@code stat} of each of them
 * below {@code /proc}. Thousands of files: off unless asked for.
 */
final class ProcessesCollector implements NodeCollector {

    private static final Family THREADS = family("threads", "Threads there are.");
    private static final Family MAX_THREADS = family("max_threads", "Threads there can be.");
    private static final Family STATE = family("state", "Processes, by state.");
    private static final Family THREADS_STATE = family("threads_state", "Threads, by state.");
    private static final Family PIDS = family("pids", "Processes there are.");
    private static final Family MAX_PROCESSES =
            family("max_processes", "Numbers for processes and threads there can be.");

    private static Family family(String name, String help) {
        return Family.gauge("node_processes_" + name, help);
    }

    /** Fields between the state and the number of threads, see proc_pid_stat(5). */
    private static final int STATE_TO_THREADS = 17;

    @Override
    public String name() {
        return "processes";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        double maxThreads = number(scrape, "sys/kernel/threads-max");
        double maxProcesses = number(scrape, "sys/kernel/pid_max");
        Path proc = scrape.files().proc();
        Counts counts = new Counts(scrape.text());
        for (String name : OptionalFile.names(proc, "no /proc")) {
            if (isNumber(name)) {
                counts.process(proc.resolve(name), name);
            }
        }
        samples.family(THREADS).add((double) counts.threads);
        samples.family(MAX_THREADS).add(maxThreads);
        tell("state", counts.states, samples.family(STATE));
        tell("thread_state", counts.threadStates, samples.family(THREADS_STATE));
        samples.family(PIDS).add(counts.processes);
        samples.family(MAX_PROCESSES).add(maxProcesses);
    }

    private static double number(NodeScrape scrape, String file) throws IOException {
        scrape.text().read(scrape.proc(file));
        scrape.text().line();
        scrape.text().field();
        return scrape.text().unsigned();
    }

    private static void tell(String label, Map<String, Integer> states, FamilySamples samples) {
        states.forEach((state, count) -> samples.add(Labels.of(label, state), count));
    }

    private static boolean isNumber(String name) {
        return name.charAt(0) >= '1' && name.charAt(0) <= '9';
    }

    private static final class Counts {

        private final KernelText text;
        private final Map<String, Integer> states = new TreeMap<>();
        private final Map<String, Integer> threadStates = new TreeMap<>();
        private int processes;
        private long threads;

        Counts(KernelText text) {
            this.text = text;
        }

        void process(Path folder, String number) throws KernelFormatException {
            if (!goToState(folder)) {
                return;
            }
            String state = text.text();
            if (!text.skip(STATE_TO_THREADS)) {
                throw new KernelFormatException("process " + number + " says too little");
            }
            long own = text.number();
            processes++;
            threads += own;
            states.merge(state, 1, Integer::sum);
            threadStates.merge(state, 1, Integer::sum);
            if (own > 1) {
                others(folder.resolve("task"), number);
            }
        }

        /** Counts the threads of a process but for the first one, which has its number. */
        private void others(Path tasks, String number) throws KernelFormatException {
            String[] names = OptionalFile.namesIfThere(tasks);
            if (names != null) {
                for (String name : names) {
                    if (!name.equals(number) && goToState(tasks.resolve(name))) {
                        threadStates.merge(text.text(), 1, Integer::sum);
                    }
                }
            }
        }

        /** Reads one's state; {@code false} when it has ended since it was listed. */
        private boolean goToState(Path folder) throws KernelFormatException {
            try {
                text.read(folder.resolve("stat"));
            } catch (IOException e) {
                return false;
            }
            if (text.length() == 0) {
                return false;
            }
            // A process may call itself anything, with spaces, brackets and line ends.
            if (!text.goBehindLast(')') || !text.field()) {
                throw new KernelFormatException(folder + " says nothing about its process");
            }
            return true;
        }
    }
}
