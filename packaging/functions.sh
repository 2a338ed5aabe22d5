# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# What ./run, ./test and measure-start share: how to find a JDK and Maven, and how to speak.

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() {
    say "$*"
    exit 1
}

# JDKs to look at, best first. The one on PATH may be a chain of links, or a shim of a version
# manager, so it is asked itself.
jdk_candidates() {
    [[ -z ${JAVA_HOME:-} ]] || echo "$JAVA_HOME"
    if command -v java >/dev/null; then
        java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
    fi
    printf '%s\n' /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/*
}

is_jdk_25() {
    grep -qs '^JAVA_VERSION="25[."]' "$1/release" && [[ -x $1/bin/javac ]]
}

try_jdk() {
    local candidate
    while IFS= read -r candidate; do
        if is_jdk_25 "$candidate"; then
            echo "$candidate"
            return
        fi
    done < <(jdk_candidates)
    return 1
}

find_jdk() {
    try_jdk || die "there is no JDK 25 in JAVA_HOME, on PATH, below /usr/lib/jvm or ~/.sdkman." \
        "Install one: 'apt-get install openjdk-25-jdk-headless' where the distribution has it," \
        "'sdk install java 25-tem' with SDKMAN, or unpack any JDK 25 and set JAVA_HOME to it."
}

find_maven() {
    command -v mvn || die "there is no mvn. Install Maven 3.8.7 or later:" \
        "'apt-get install maven' on Debian, or 'sdk install maven' with SDKMAN."
}

# Everything that is built or run below uses this JDK; Maven's own libraries do not know it yet and
# would make it warn.
use_jdk_25() {
    JAVA_HOME=$(find_jdk)
    export JAVA_HOME
    export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow \
--enable-native-access=ALL-UNNAMED -Dstyle.color=never"
}
