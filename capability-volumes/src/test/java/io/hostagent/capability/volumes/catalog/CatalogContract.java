// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.capability.volumes.catalog.Catalog.Outcome;
import io.hostagent.capability.volumes.catalog.Catalog.Versioned;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.capability.volumes.volume.VolumeState;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every catalog does. */
abstract class CatalogContract {

    private static final VolumeName WEB = new VolumeName("web");

    /** A catalog with nothing in it. */
    abstract Catalog catalog() throws Exception;

    private static Versioned done(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done) outcome).now();
    }

    @Test
    void givesBackWhatWasWritten() throws Exception {
        Catalog catalog = catalog();
        VolumeRecord record = Records.fresh("web");

        Versioned written = done(catalog.create(record));

        assertThat(written.record()).isEqualTo(record);
        assertThat(catalog.get(WEB)).contains(written);
        assertThat(catalog.list()).containsExactly(written);
    }

    @Test
    void hasNothingOfANameThatNobodyWrote() throws Exception {
        assertThat(catalog().get(WEB)).isEmpty();
        assertThat(catalog().list()).isEmpty();
    }

    @Test
    void createsANameOnce() throws Exception {
        Catalog catalog = catalog();
        Versioned first = done(catalog.create(Records.fresh("web")));

        Outcome second = catalog.create(Records.fresh("web"));

        assertThat(second).isEqualTo(new Outcome.Conflict(Optional.of(first)));
    }

    @Test
    void tellsNamesApartThatDifferInCaseAlone() throws Exception {
        Catalog catalog = catalog();

        done(catalog.create(Records.fresh("web")));
        done(catalog.create(Records.fresh("WEB")));

        assertThat(catalog.list()).hasSize(2);
    }

    @Test
    void replacesOnlyWhatWasRead() throws Exception {
        Catalog catalog = catalog();
        Versioned first = done(catalog.create(Records.fresh("web")));
        Versioned second =
                done(catalog.replace(first.version(), first.record().in(VolumeState.ACTIVE)));

        Outcome late = catalog.replace(first.version(), first.record().in(VolumeState.LOST));

        assertThat(second.version()).isGreaterThan(first.version());
        assertThat(late).isEqualTo(new Outcome.Conflict(Optional.of(second)));
        assertThat(catalog.get(WEB)).contains(second);
    }

    @Test
    void forgetsOnlyWhatWasRead() throws Exception {
        Catalog catalog = catalog();
        Versioned first = done(catalog.create(Records.fresh("web")));
        Versioned second =
                done(catalog.replace(first.version(), first.record().in(VolumeState.DELETED)));

        assertThat(catalog.forget(WEB, first.version())).isInstanceOf(Outcome.Conflict.class);
        assertThat(catalog.forget(WEB, second.version())).isEqualTo(new Outcome.Done(second));
        assertThat(catalog.get(WEB)).isEmpty();
        assertThat(catalog.forget(WEB, second.version())).isInstanceOf(Outcome.Conflict.class);
    }

    @Test
    void losesNoChangeAmongManyWriters() throws Exception {
        Catalog catalog = catalog();
        done(catalog.create(Records.fresh("web")));
        int each = 20;
        Callable<Void> writer =
                () -> {
                    int made = 0;
                    while (made < each) {
                        Versioned now = catalog.get(WEB).orElseThrow();
                        VolumeRecord next = now.record().inNextEpoch(VolumeState.ACTIVE);
                        if (catalog.replace(now.version(), next) instanceof Outcome.Done) {
                            made++;
                        }
                    }
                    return null;
                };

        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Void>> ends =
                    threads.invokeAll(IntStream.range(0, 4).mapToObj(i -> writer).toList());
            for (Future<Void> end : ends) {
                end.get();
            }
        }

        assertThat(catalog.get(WEB).orElseThrow().record().epoch()).isEqualTo(1 + 4 * each);
    }
}
