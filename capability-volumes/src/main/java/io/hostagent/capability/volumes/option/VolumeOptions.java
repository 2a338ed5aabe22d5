// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.option;

import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.capability.volumes.volume.FileSystemType;
import io.hostagent.capability.volumes.volume.OnRemove;
import io.hostagent.capability.volumes.volume.SnapshotName;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import io.hostagent.core.error.CallerException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What a user asked for, checked word by word. What nobody asked for is settled by {@link
 * SpecChoice}.
 */
public final class VolumeOptions {

    private static final int HIGHEST_MODE = 07777;

    private final Map<VolumeOption, String> given;

    private VolumeOptions(Map<VolumeOption, String> given) {
        this.given = given;
    }

    /**
     * Checks options.
     *
     * @throws CallerException 400 for the first that is wrong
     */
    public static VolumeOptions parse(Map<String, String> options) {
        Map<VolumeOption, String> given = new EnumMap<>(VolumeOption.class);
        options.forEach(
                (word, value) -> {
                    VolumeOption option = VolumeOption.of(word).orElseThrow(() -> unknown(word));
                    given.put(option, value.strip());
                });
        String profile = given.remove(VolumeOption.PROFILE);
        if (profile != null) {
            String other = given.putIfAbsent(VolumeOption.CLASS, profile);
            if (other != null && !other.equals(profile)) {
                throw CallerException.badRequest(
                        "class=" + other + " and profile=" + profile + " are the same option",
                        "Give one of them");
            }
        }
        VolumeOptions parsed = new VolumeOptions(given);
        // Whatever is wrong is said now, before anything is made.
        parsed.size();
        parsed.backend();
        parsed.fs();
        parsed.uid();
        parsed.gid();
        parsed.mode();
        parsed.onRemove();
        parsed.from();
        return parsed;
    }

    private static CallerException unknown(String word) {
        return CallerException.badRequest(
                "There is no option '" + word + "'", "Options are " + VolumeOption.all());
    }

    /** These, and where they say nothing, others. */
    VolumeOptions orElse(VolumeOptions others) {
        Map<VolumeOption, String> all = new EnumMap<>(VolumeOption.class);
        all.putAll(others.given);
        all.putAll(given);
        return new VolumeOptions(all);
    }

    /** These, and where they say nothing, what a volume is. Another backend has another size. */
    public VolumeOptions orElseLike(VolumeSpec other) {
        Map<VolumeOption, String> like = new EnumMap<>(VolumeOption.class);
        boolean chosen =
                given.containsKey(VolumeOption.BACKEND) || given.containsKey(VolumeOption.CLASS);
        if (!chosen) {
            like.put(VolumeOption.BACKEND, other.backend().word());
            if (other.backend() == BackendKind.LOOP) {
                like.put(VolumeOption.FS, other.fs().word());
            }
            if (other.size() > 0) {
                like.put(VolumeOption.SIZE, Long.toString(other.size()));
            }
        }
        like.put(VolumeOption.UID, Integer.toString(other.uid()));
        like.put(VolumeOption.GID, Integer.toString(other.gid()));
        like.put(VolumeOption.MODE, Integer.toOctalString(other.mode()));
        return orElse(new VolumeOptions(like));
    }

    /** The limit in bytes. */
    public OptionalLong size() {
        return text(VolumeOption.SIZE)
                .map(text -> OptionalLong.of(ByteSize.parse(text)))
                .orElse(OptionalLong.empty());
    }

    Optional<String> volumeClass() {
        return text(VolumeOption.CLASS);
    }

    Optional<BackendKind> backend() {
        return word(VolumeOption.BACKEND, BackendKind.class);
    }

    Optional<FileSystemType> fs() {
        return word(VolumeOption.FS, FileSystemType.class);
    }

    OptionalInt uid() {
        return number(VolumeOption.UID);
    }

    OptionalInt gid() {
        return number(VolumeOption.GID);
    }

    OptionalInt mode() {
        Optional<String> text = text(VolumeOption.MODE);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            int mode = Integer.parseInt(text.get(), 8);
            if (mode >= 0 && mode <= HIGHEST_MODE) {
                return OptionalInt.of(mode);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw CallerException.badRequest(
                "mode=" + text.get() + " is no mode", "It takes an octal number such as 0750");
    }

    Optional<OnRemove> onRemove() {
        return word(VolumeOption.ONREMOVE, OnRemove.class);
    }

    /** What the volume shall be a clone of. */
    public Optional<Source> from() {
        return text(VolumeOption.FROM).map(Source::parse);
    }

    /**
     * A volume or a snapshot of it.
     *
     * @param snapshot empty: what it holds now
     */
    public record Source(VolumeName volume, Optional<String> snapshot) {

        /** Reads {@code NAME} or {@code NAME@SNAPSHOT}. */
        public static Source parse(String text) {
            int at = text.indexOf('@');
            return at < 0
                    ? new Source(VolumeName.of(text), Optional.empty())
                    : new Source(
                            VolumeName.of(text.substring(0, at)),
                            Optional.of(SnapshotName.of(text.substring(at + 1))));
        }

        @Override
        public String toString() {
            return snapshot.map(name -> volume + "@" + name).orElse(volume.value());
        }
    }

    /** Where these ask for something else than a volume is, in words; empty when nowhere. */
    public List<String> differences(VolumeSpec is) {
        List<String> found = new ArrayList<>();
        size().ifPresent(size -> differ(found, "size", size, is.size()));
        volumeClass().ifPresent(name -> differ(found, "class", name, is.volumeClass()));
        backend().ifPresent(kind -> differ(found, "backend", kind.word(), is.backend().word()));
        fs().ifPresent(fs -> differ(found, "fs", fs.word(), is.fs().word()));
        uid().ifPresent(uid -> differ(found, "uid", uid, is.uid()));
        gid().ifPresent(gid -> differ(found, "gid", gid, is.gid()));
        mode().ifPresent(
                        mode ->
                                differ(
                                        found,
                                        "mode",
                                        Integer.toOctalString(mode),
                                        Integer.toOctalString(is.mode())));
        onRemove().ifPresent(how -> differ(found, "onremove", how.word(), is.onRemove().word()));
        return found;
    }

    private static void differ(List<String> found, String name, Object asked, Object is) {
        if (!asked.equals(is)) {
            found.add(name + "=" + asked + " was asked for and it has " + name + "=" + is);
        }
    }

    private Optional<String> text(VolumeOption option) {
        Optional<String> text = Optional.ofNullable(given.get(option));
        if (text.filter(String::isEmpty).isPresent()) {
            throw CallerException.badRequest(
                    option.word() + " has no value", "Give one, or leave the option out");
        }
        return text;
    }

    private OptionalInt number(VolumeOption option) {
        Optional<String> text = text(option);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        if (text.get().matches("\\d{1,9}")) {
            return OptionalInt.of(Integer.parseInt(text.get()));
        }
        throw CallerException.badRequest(
                option.word() + "=" + text.get() + " is no ID", "It takes a number such as 1000");
    }

    private <E extends Enum<E>> Optional<E> word(VolumeOption option, Class<E> type) {
        Optional<String> text = text(option);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(text.get())) {
                return Optional.of(constant);
            }
        }
        throw CallerException.badRequest(
                option.word() + "=" + text.get() + " is not known",
                "It takes "
                        + Arrays.stream(type.getEnumConstants())
                                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", ")));
    }
}
