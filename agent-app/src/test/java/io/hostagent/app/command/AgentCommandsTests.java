// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.settings.AgentSettings;
import io.hostagent.core.trust.Authenticator;
import io.hostagent.core.trust.Caller;
import io.hostagent.core.trust.Credentials;
import io.hostagent.core.trust.Scope;
import io.hostagent.core.trust.Verdict;
import io.hostagent.core.trust.Verdict.Granted;
import io.hostagent.core.trust.Verdict.Refused;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AgentCommandsTests {

    private static final String KEY =
            "3059301306072a8648ce3d020106082a8648ce3d03010703420004e0b3af07f6c1eb817799013c198df10f"
                    + "ab7824b60f746a57260bca04efbb24cd2cd6fa351001f6f8650e2e260a56aa7ef3fa869768e2"
                    + "fa0795346f4b138422c9";
    private static final String SIGNATURE =
            "2syfZzY6KFD/4xZ0S9xwNongHTJJEdSR95mHK5IiFCmwmC8ih+YCSmH4Vr7YoD9CTXGDVigbEqm99Sswu78iVw";
    private static final Credentials SIGNED =
            Map.of("X-PortainerAgent-PublicKey", KEY, "X-PortainerAgent-Signature", SIGNATURE)::get;

    @TempDir Path data;

    private record Result(int code, String out, String err) {}

    @Test
    void createsATokenThatWorks() {
        Result created = run("token create --scope metrics --name prometheus --expires 30d");
        assertThat(created.code()).isZero();
        assertThat(created.err()).isEmpty();
        assertThat(created.out()).matches("uha_[0-9a-f]{8}_[0-9a-f]{64}\\R");
        assertThat(authenticate(bearer(created)))
                .isEqualTo(new Granted(new Caller("token:prometheus", Scope.METRICS)));
    }

    @Test
    void listsTokensWithoutTheirSecrets() {
        String token = run("token create --scope read --name ci").out().strip();
        run("token create --scope ADMIN --expires 1h");
        Result text = run("token list");
        assertThat(text.out()).contains("ci", "read", "admin", "never").doesNotContain(token);
        Result json = run("token list -o json");
        JsonNode tokens = JsonMapper.shared().readTree(json.out());
        assertThat(tokens.size()).isEqualTo(2);
        assertThat(tokens.get(0).propertyNames())
                .containsExactlyInAnyOrder("id", "name", "scope", "created", "expires", "expired");
        assertThat(tokens.get(0).get("name").stringValue()).isEqualTo("ci");
        assertThat(tokens.get(1).get("scope").stringValue()).isEqualTo("admin");
    }

    @Test
    void revokesByNameAndById() {
        Result byName = run("token create --scope read --name ci");
        Result byId = run("token create --scope read");
        assertThat(run("token revoke ci").code()).isZero();
        assertThat(run("token revoke " + byId.out().substring(4, 12)).code()).isZero();
        assertThat(authenticate(bearer(byName))).isInstanceOf(Refused.class);
        assertThat(authenticate(bearer(byId))).isInstanceOf(Refused.class);
        assertFails(run("token revoke ci"), 1, "there is no token ci");
    }

    @Test
    void showsAndResetsTrust() {
        assertThat(run("trust show").out()).contains("first-use", "nobody");
        assertThat(authenticate(SIGNED)).isInstanceOf(Granted.class);
        assertThat(run("trust show").out()).contains("key:", KEY);
        JsonNode shown = JsonMapper.shared().readTree(run("trust show -o json").out());
        assertThat(shown.get("publicKey").stringValue()).isEqualTo(KEY);
        assertThat(shown.get("bound").booleanValue()).isTrue();
        assertThat(run("trust reset").out()).startsWith("Unbound");
        assertThat(run("trust reset").out()).startsWith("No key was bound");
        assertThat(run("trust show -o json").out()).contains("\"bound\" : false");
    }

    @Test
    void saysByWhatTheAgentDecides() {
        Map<String, String> variables =
                Map.of("DATA_PATH", data.toString(), "AGENT_SECRET", "do-not-show");
        Result shown = run(variables, "trust show");
        assertThat(shown.out()).contains("secret").doesNotContain("do-not-show");
    }

    @Test
    void resetsADamagedFileThatCannotBeShown() throws Exception {
        Files.writeString(data.resolve("trust.json"), "{");
        assertFails(run("trust show"), 1, "trust.json is damaged");
        assertThat(run("trust reset").code()).isZero();
        assertThat(run("trust show").code()).isZero();
    }

    @Test
    void takesTheFolderFromTheOption() throws Exception {
        Path other = Files.createDirectory(data.resolve("other"));
        for (String line :
                new String[] {
                    "--data " + other + " token create --scope read",
                    "token create --scope read --data " + other
                }) {
            assertThat(run(line).code()).isZero();
        }
        assertThat(run("token list -o json --data " + other).out()).contains("\"id\"");
        assertThat(data.resolve("tokens.json")).doesNotExist();
    }

    @Test
    void doesNotMakeAFolderThatIsNotThere() {
        assertFails(
                run("token create --scope read --data " + data.resolve("typo")),
                1,
                "typo is not a folder");
        assertThat(data).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "help nonsense",
                "token",
                "trust",
                "token create",
                "token create --scope root",
                "token create --scope read --expires 0d",
                "token create --scope read --expires forever",
                "token create --scope read --unknown",
                "token revoke",
                "token list -o yaml",
                "trust reset now"
            })
    void answersAMisuseInOneLine(String line) {
        assertFails(run(line), 2, "agent: ");
    }

    @Test
    void refusesNamesThatCannotBeUsed() {
        run("token create --scope read --name ci");
        assertFails(run("token create --scope read --name ci"), 1, "already");
        assertFails(run("token create --scope read --name -"), 1, "letters");
    }

    @Test
    void showsVersionAndHelp() {
        assertThat(run("version").out()).matches("agent \\S.*\\R");
        for (String line :
                new String[] {"help", "--help", "help token create", "token create --help"}) {
            Result help = run(line);
            assertThat(help.code()).isZero();
            assertThat(help.out()).contains("Usage: agent");
        }
        assertThat(run("token create --help").out()).contains("--scope", "--data", "metrics");
    }

    /** Only where the tests are root, as they are in a container. */
    @Test
    void leavesFilesToTheOwnerOfTheFolder() throws Exception {
        if (!Integer.valueOf(0).equals(Files.getAttribute(data, "unix:uid"))) {
            return;
        }
        Files.setAttribute(data, "unix:uid", 4711);
        Files.setAttribute(data, "unix:gid", 4712);
        run("token create --scope read");
        run("trust reset");
        for (String file : new String[] {"tokens.json", "trust.json", ".lock"}) {
            Path path = data.resolve(file);
            assertThat(Files.getAttribute(path, "unix:uid")).isEqualTo(4711);
            assertThat(Files.getAttribute(path, "unix:gid")).isEqualTo(4712);
        }
    }

    private static void assertFails(Result result, int code, String message) {
        assertThat(result.code()).isEqualTo(code);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(message).matches("agent: [^\\n]+\\R");
    }

    private static Credentials bearer(Result created) {
        return Map.of("Authorization", "Bearer " + created.out().strip())::get;
    }

    private Verdict authenticate(Credentials credentials) {
        AgentSettings.Trust settings =
                new AgentSettings.Trust(
                        Optional.empty(), Duration.ofDays(3), Optional.empty(), Optional.empty());
        return Authenticator.open(settings, data).authenticate(credentials);
    }

    private Result run(String line) {
        return run(Map.of("DATA_PATH", data.toString()), line);
    }

    private static Result run(Map<String, String> variables, String line) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                AgentCommands.run(
                        line.split(" "),
                        variables::get,
                        new PrintWriter(out),
                        new PrintWriter(err));
        return new Result(code, out.toString(), err.toString());
    }
}
