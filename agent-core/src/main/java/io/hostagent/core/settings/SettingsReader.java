// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.settings;

import io.hostagent.core.settings.AgentSettings.Log;
import io.hostagent.core.settings.AgentSettings.TlsFiles;
import io.hostagent.core.settings.AgentSettings.Trust;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@link Setting}s from wherever variables come from: the process environment for the command
 * line, Spring's environment for the agent. An empty variable counts as unset.
 */
public final class SettingsReader {

    /** What a bearer token may be made of (RFC 6750 §2.1), and long enough not to be guessed. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]{16,512}");

    private final Function<String, @Nullable String> variables;

    public SettingsReader(Function<String, @Nullable String> variables) {
        this.variables = variables;
    }

    /**
     * Reads and checks everything.
     *
     * @throws SettingsException naming the first variable that cannot be used
     */
    public AgentSettings read() {
        return new AgentSettings(
                address(Setting.AGENT_HOST),
                number(Setting.AGENT_PORT, 65_535, "a port from 1 to 65535"),
                number(
                        Setting.AGENT_MAX_CONNECTIONS,
                        Integer.MAX_VALUE,
                        "a number from 1 to 2147483647"),
                new Trust(
                        value(Setting.AGENT_SECRET).map(Secret::new),
                        duration(Setting.AGENT_SECRET_TIMEOUT),
                        value(Setting.AGENT_PUBLIC_KEY),
                        metricsToken()),
                tls(),
                flag(Setting.AGENT_READ_ONLY),
                required(Setting.AGENT_PORTAINER_VERSION),
                value(Setting.AGENT_CLUSTER_ADDR),
                dataPath(),
                new Log(
                        choice(Setting.LOG_LEVEL, Log.Level.class),
                        choice(Setting.LOG_MODE, Log.Mode.class)),
                EngineAddress.parse(
                        required(Setting.DOCKER_HOST),
                        value(Setting.DOCKER_TLS_VERIFY).isPresent(),
                        value(Setting.DOCKER_CERT_PATH).map(Path::of).orElse(null)),
                apiVersion(),
                flag(Setting.PODMAN));
    }

    /** The folder of what survives a restart; the one setting that the command line needs. */
    public Path dataPath() {
        return Path.of(required(Setting.DATA_PATH)).toAbsolutePath().normalize();
    }

    /** The text of a setting or its default; a secret may also come from {@code NAME_FILE}. */
    public Optional<String> value(EnvironmentVariable setting) {
        String text = variables.apply(setting.name());
        if (setting.description().secret()) {
            String file = variables.apply(setting.name() + "_FILE");
            if (file != null && !file.isEmpty()) {
                if (text != null && !text.isEmpty()) {
                    throw new SettingsException(
                            "%s and %s_FILE are both set: keep one"
                                    .formatted(setting.name(), setting.name()));
                }
                text = secretFile(setting.name() + "_FILE", file);
            }
        }
        if (text == null || text.isEmpty()) {
            text = setting.defaultValue();
        }
        return Optional.ofNullable(text);
    }

    private static String secretFile(String name, String file) {
        try {
            String text = Files.readString(Path.of(file)).strip();
            if (text.isEmpty()) {
                throw new SettingsException(name + "=" + file + " is an empty file");
            }
            return text;
        } catch (IOException e) {
            throw new SettingsException(name + "=" + file + " cannot be read: " + e);
        }
    }

    /**
     * A setting that is an IP address.
     *
     * @throws SettingsException when it is none
     */
    public InetAddress address(EnvironmentVariable setting) {
        String text = required(setting);
        byte[] address = NetUtil.createByteArrayFromIpAddressString(text);
        if (address == null) {
            throw new SettingsException(setting.name() + "=" + text + " is not an IP address");
        }
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A setting that is a whole number from 1.
     *
     * @param what it has to be, in words
     * @throws SettingsException when it is not
     */
    public int number(EnvironmentVariable setting, int most, String what) {
        String text = required(setting);
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most && Character.isDigit(text.charAt(0))) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw new SettingsException(setting.name() + "=" + text + " is not " + what);
    }

    private Optional<Secret> metricsToken() {
        Optional<String> token = value(Setting.AGENT_METRICS_TOKEN);
        token.ifPresent(
                text -> {
                    if (!TOKEN.matcher(text).matches()) {
                        throw new SettingsException(
                                "AGENT_METRICS_TOKEN is not 16 to 512 letters, digits and -._~+/=:"
                                        + " make one with 'openssl rand -hex 32'");
                    }
                });
        return token.map(Secret::new);
    }

    private Optional<TlsFiles> tls() {
        Optional<String> certificate = value(Setting.AGENT_TLS_CERT);
        Optional<String> key = value(Setting.AGENT_TLS_KEY);
        if (certificate.isPresent() != key.isPresent()) {
            throw new SettingsException("AGENT_TLS_CERT and AGENT_TLS_KEY go together: set both");
        }
        return certificate.map(c -> new TlsFiles(Path.of(c), Path.of(key.orElseThrow())));
    }

    private Optional<String> apiVersion() {
        Optional<String> version = value(Setting.DOCKER_API_VERSION);
        version.ifPresent(
                v -> {
                    if (!v.matches("\\d+\\.\\d+")) {
                        throw new SettingsException(
                                "DOCKER_API_VERSION=" + v + " is not a version such as 1.41");
                    }
                });
        return version;
    }

    /**
     * A setting that is a duration.
     *
     * @throws SettingsException when it is none
     */
    public Duration duration(EnvironmentVariable setting) {
        return GoDuration.parse(setting.name(), required(setting));
    }

    /**
     * A setting that is a yes or a no.
     *
     * @throws SettingsException when it is neither
     */
    public boolean flag(EnvironmentVariable setting) {
        return Flag.read(setting.name(), required(setting), false);
    }

    private <E extends Enum<E>> E choice(EnvironmentVariable setting, Class<E> type) {
        String text = required(setting);
        try {
            return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new SettingsException(
                    "%s=%s is none of %s"
                            .formatted(
                                    setting.name(),
                                    text,
                                    Arrays.toString(type.getEnumConstants())));
        }
    }

    private String required(EnvironmentVariable setting) {
        return value(setting)
                .orElseThrow(() -> new SettingsException(setting.name() + " has no value"));
    }
}
