# The agent's image. Needs neither Java nor Maven on the machine:
#
#   docker build -t unified-host-agent .
#
# agent-app/target/agent.jar is taken as it is when it is there; otherwise it is compiled here. The
# images built on are arguments. It builds with BuildKit and with the builder before it.
ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-25
ARG JDK_IMAGE=eclipse-temurin:25-jdk
ARG BASE_IMAGE=debian:bookworm-slim
# Debian packages with what the backends of volumes start. Empty where there is no network or no apt:
# the agent says then which backends do without.
ARG VOLUME_TOOLS="btrfs-progs e2fsprogs mount xfsprogs"

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY . .
RUN [ -f agent-app/target/agent.jar ] || mvn -B -ntp -DskipTests package

FROM ${JDK_IMAGE} AS assemble
COPY packaging /packaging
COPY --from=build /src/agent-app/target/agent.jar /agent.jar
# The run time, the jars and the trained cache, at the path where they will run.
RUN /packaging/assemble /agent.jar /opt/agent --image

FROM ${BASE_IMAGE}
LABEL io.portainer.agent="true" \
      org.opencontainers.image.title="Unified Host Agent" \
      org.opencontainers.image.licenses="Apache-2.0"
# From what changes least to what changes most.
ARG VOLUME_TOOLS
RUN [ -z "$VOLUME_TOOLS" ] || { apt-get -qq update \
    && DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $VOLUME_TOOLS \
    && rm -rf /var/lib/apt/lists/*; }
COPY --from=assemble /opt/agent/runtime /opt/agent/runtime
COPY --from=assemble /opt/agent/lib /opt/agent/lib
COPY --from=assemble /opt/agent/health /opt/agent/health
COPY --from=assemble /opt/agent/bin /opt/agent/bin
COPY --from=assemble /opt/agent/serve.options /opt/agent/command.options /opt/agent/agent.jar \
     /opt/agent/agent.aot /opt/agent/
ENV PATH=/opt/agent/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    DATA_PATH=/data
EXPOSE 9001
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["/opt/agent/runtime/bin/java", "@/opt/agent/health/options", "HealthProbe"]
ENTRYPOINT ["/opt/agent/bin/agent"]
