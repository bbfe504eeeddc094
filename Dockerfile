# The image of credsync:
#   docker build -t credsync .
# Where the default base images cannot be had, others of the same kind are given with --build-arg.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${SDK_IMAGE} AS build
WORKDIR /source
# The packages have a layer of their own: they change less often than the code.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/CredSync/CredSync.csproj src/CredSync/packages.lock.json src/CredSync/
COPY src/CredSync.Abstractions/CredSync.Abstractions.csproj src/CredSync.Abstractions/packages.lock.json src/CredSync.Abstractions/
COPY src/CredSync.Conformance/CredSync.Conformance.csproj src/CredSync.Conformance/packages.lock.json src/CredSync.Conformance/
COPY src/CredSync.Core/CredSync.Core.csproj src/CredSync.Core/packages.lock.json src/CredSync.Core/
COPY src/CredSync.Host/CredSync.Host.csproj src/CredSync.Host/packages.lock.json src/CredSync.Host/
COPY src/CredSync.Issuers/CredSync.Issuers.csproj src/CredSync.Issuers/packages.lock.json src/CredSync.Issuers/
COPY src/CredSync.OpenBadges/CredSync.OpenBadges.csproj src/CredSync.OpenBadges/packages.lock.json src/CredSync.OpenBadges/
COPY src/CredSync.Sandbox/CredSync.Sandbox.csproj src/CredSync.Sandbox/packages.lock.json src/CredSync.Sandbox/
COPY src/CredSync.Sources/CredSync.Sources.csproj src/CredSync.Sources/packages.lock.json src/CredSync.Sources/
RUN dotnet restore src/CredSync/CredSync.csproj -p:RestoreLockedMode=true
COPY src/ src/
COPY config/ config/
# Native libraries of systems that this image is not are left out.
RUN dotnet publish src/CredSync/CredSync.csproj --no-restore -c Release -o /app -p:PublishDocumentationFiles=false \
 && case "$(uname -m)" in x86_64) keep=linux-x64 ;; aarch64) keep=linux-arm64 ;; *) keep="linux-$(uname -m)" ;; esac \
 && find /app/runtimes -mindepth 1 -maxdepth 1 ! -name "$keep" ! -name linux ! -name unix -exec rm -rf {} + \
 && mkdir /data

FROM ${RUNTIME_IMAGE}
COPY --from=build /app /app
# The owner of a new volume that is mounted here.
COPY --from=build --chown=1654:1654 /data /data
# A container's ports are reachable from outside only where they are published: operators, platforms that push, and everybody who looks at a credential.
ENV Operations__Address=http://0.0.0.0:8080
ENV Hooks__Address=http://0.0.0.0:8086
ENV Public__Address=http://0.0.0.0:8087
# Short-lived memory is collected every 64 MB; left to itself the runtime takes the processor's cache as the measure, and collects ten times as often.
ENV DOTNET_GCgen0size=0x4000000
# Native memory is given from two places, not from up to eight a core that each keep what they once needed.
ENV MALLOC_ARENA_MAX=2
USER 1654:1654
WORKDIR /
VOLUME /data
EXPOSE 8080 8086 8087
ENTRYPOINT ["dotnet", "/app/credsync.dll"]
CMD ["run", "--config", "/config", "--data", "/data"]
