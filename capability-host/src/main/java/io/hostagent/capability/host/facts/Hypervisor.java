// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a virtual machine runs on, told by the signs that systemd-detect-virt(1) goes by as far as
 * they are files.
 */
enum Hypervisor {
    /** None: this is the machine itself. */
    NONE,
    AMAZON,
    GOOGLE,
    VMWARE,
    VIRTUALBOX,
    MICROSOFT,
    XEN,
    PARALLELS,
    BHYVE,
    APPLE,
    BOCHS,
    QEMU,
    KVM,
    /** There is one, of whatever kind. */
    UNKNOWN;

    /**
     * What gives it away.
     *
     * @param vendor of the machine, as its firmware says
     * @param product name, likewise
     * @param type from {@code /sys/hypervisor/type}
     * @param clocks that the kernel could use
     * @param compatible with which hypervisor the device tree says it is
     * @param flag whether the processors have the flag {@code hypervisor}
     */
    record Signs(
            @Nullable String vendor,
            @Nullable String product,
            @Nullable String type,
            @Nullable String clocks,
            @Nullable String compatible,
            boolean flag) {}

    private record Mark(String text, Hypervisor hypervisor) {}

    /** What the firmware of a virtual machine calls it. */
    private static final List<Mark> FIRMWARE =
            List.of(
                    new Mark("Amazon EC2", AMAZON),
                    new Mark("Google Compute Engine", GOOGLE),
                    new Mark("VMware", VMWARE),
                    new Mark("VirtualBox", VIRTUALBOX),
                    new Mark("innotek GmbH", VIRTUALBOX),
                    new Mark("Virtual Machine Microsoft Corporation", MICROSOFT),
                    new Mark("HVM domU", XEN),
                    new Mark("Parallels", PARALLELS),
                    new Mark("BHYVE", BHYVE),
                    new Mark("Apple Virtualization", APPLE),
                    new Mark("Bochs", BOCHS),
                    new Mark("KVM", KVM),
                    new Mark("OpenStack", KVM));

    /**
     * Clocks that only the guest of one hypervisor has, and what a device tree says. The firmware
     * of QEMU comes last: it is there with KVM, too.
     */
    private static final List<Mark> GUEST =
            List.of(
                    new Mark("kvm-clock", KVM),
                    new Mark("hyperv_clocksource", MICROSOFT),
                    new Mark("xen", XEN),
                    new Mark("linux,kvm", KVM),
                    new Mark("vmware", VMWARE),
                    new Mark("QEMU", QEMU));

    static Hypervisor find(Signs signs) {
        // "metal" machines of Amazon have its name, and no hypervisor.
        boolean metal = !signs.flag() && "Amazon EC2".equals(signs.vendor());
        String firmware = metal ? "" : joined(signs.product(), signs.vendor());
        Hypervisor named = marked(FIRMWARE, firmware);
        if (named == NONE) {
            named =
                    marked(
                            GUEST,
                            joined(signs.type(), signs.clocks(), signs.compatible(), firmware));
        }
        return named == NONE && signs.flag() ? UNKNOWN : named;
    }

    boolean isVirtual() {
        return this != NONE;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static Hypervisor marked(List<Mark> marks, String text) {
        return marks.stream()
                .filter(mark -> text.contains(mark.text()))
                .map(Mark::hypervisor)
                .findFirst()
                .orElse(NONE);
    }

    private static String joined(@Nullable String... texts) {
        return String.join(" ", Arrays.stream(texts).filter(Objects::nonNull).toList());
    }
}
