#!/usr/bin/env bash
# Gives the tests a container engine and images, and prints the environment that they need, to be sourced:
#   tests/containers/up.sh >test.env && . ./test.env
# An engine that answers is used as it is. Where none is, Debian's is installed and started (down.sh stops it).
# The official images are used where they are or can be pulled; else images are built from Debian's packages.
#   CREDSYNC_TEST_IMAGES          auto (default), official (never build) or debian (never pull)
#   CREDSYNC_TEST_RABBITMQ_IMAGE  the official image to use: rabbitmq:4-management by default
#   CREDSYNC_TEST_POSTGRES_IMAGE  the official image to use: postgres:17 by default
#   CREDSYNC_TEST_CACHE           folder for built images and the started engine's pid and log
#   CREDSYNC_TEST_DEBIAN_MIRROR   where Debian's packages come from; by default where this machine's own come from
set -euo pipefail
shopt -s inherit_errexit
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/containers/engine.sh
. "$here/engine.sh"

choice=${CREDSYNC_TEST_IMAGES:-auto}
case $choice in auto | official | debian) ;; *) die "CREDSYNC_TEST_IMAGES is '$choice'; it is auto, official or debian" ;; esac
rabbitmq=${CREDSYNC_TEST_RABBITMQ_IMAGE:-rabbitmq:4-management}
postgres=${CREDSYNC_TEST_POSTGRES_IMAGE:-postgres:17}
built_rabbitmq=credsync-test/rabbitmq:bookworm
built_postgres=credsync-test/postgres:bookworm

mkdir -p "$credsync_cache"
# One at a time: two runs on one machine would otherwise start two engines and build the same images twice.
exec 9>"$credsync_cache/lock"
flock 9

export DOCKER_CLI_HINTS=false
engine_answers || start_engine

have() { docker image inspect "$1" >/dev/null 2>&1; }
pull() { timeout 600 docker pull --quiet "$1" >/dev/null 2>"$credsync_cache/pull.log"; }

build() {
  local pids=() name
  # Before the two builds part ways: package managers do not like company.
  need_debootstrap
  for name in rabbitmq postgres; do
    # Root's rights are for debootstrap; the variables keep cache and mirror the same on the other side of sudo.
    as_root env CREDSYNC_TEST_CACHE="$credsync_cache" CREDSYNC_TEST_DEBIAN_MIRROR="${CREDSYNC_TEST_DEBIAN_MIRROR:-}" \
      DOCKER_HOST="${DOCKER_HOST:-}" bash "$here/build-image.sh" "$name" 9>&- &
    pids+=($!)
  done
  local failed=0 pid
  for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
  [ "$failed" -eq 0 ] || die "an image could not be built; see the lines above"
  rabbitmq=$built_rabbitmq postgres=$built_postgres
}

case $choice in
  official) for image in "$rabbitmq" "$postgres"; do have "$image" || pull "$image" || die "$image cannot be pulled: $(tail -n 1 "$credsync_cache/pull.log")"; done ;;
  debian) build ;;
  auto)
    if have "$rabbitmq" && have "$postgres"; then :
    elif have "$built_rabbitmq" && have "$built_postgres"; then build
    elif pull "$rabbitmq" && pull "$postgres"; then :
    else
      say "the official images cannot be pulled here: $(tail -n 1 "$credsync_cache/pull.log")"
      build
    fi
    ;;
esac

export_line() { printf 'export %s=%q\n' "$1" "$2"; }
export_line CREDSYNC_TEST_RABBITMQ_IMAGE "$rabbitmq"
export_line CREDSYNC_TEST_POSTGRES_IMAGE "$postgres"
# An engine older than the client library's own protocol version has to be addressed in its own.
api=$(docker version --format '{{ .Server.APIVersion }}')
if [ "$(printf '%s\n' 1.44 "$api" | sort -V | head -n 1)" != 1.44 ]; then export_line DOCKER_API_VERSION "$api"; fi
if [ "$rabbitmq" = "$built_rabbitmq" ]; then
  # The reaper that removes containers after a crash is itself an image from a registry; tests/run.sh removes them by label instead.
  export_line TESTCONTAINERS_RYUK_DISABLED true
fi
# Without this the library asks the engine's bridge for an address, which an engine in the same machine need not have.
if [ -z "${DOCKER_HOST:-}" ] && [ -f "$credsync_cache/dockerd.pid" ]; then export_line TESTCONTAINERS_HOST_OVERRIDE 127.0.0.1; fi
# A server that is not ready after three minutes never will be; the library would wait for an hour.
export_line TESTCONTAINERS_WAIT_STRATEGY_TIMEOUT 00:03:00
export_line TESTCONTAINERS_WAIT_STRATEGY_INTERVAL 00:00:00.250
