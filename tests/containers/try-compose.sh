#!/usr/bin/env bash
# Tries docker-compose.yml on this machine: builds the image, starts everything with two issue workers, waits until every service is healthy and
# the first badges are issued, kills one of the two and waits until everything planned is issued, and takes everything down again. Where no registry is reached, the base images are made from Debian's packages
# and the machine's own .NET.
#   try-compose.sh          --keep leaves everything up
set -euo pipefail
shopt -s inherit_errexit
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=tests/containers/engine.sh
. "$here/engine.sh"
keep=
[ "${1:-}" != --keep ] || keep=yes

environment=$("$here/up.sh")
eval "$environment"
# The client speaks whatever the engine speaks; the variable is for the tests' library.
unset DOCKER_API_VERSION
export CREDSYNC_RABBITMQ_IMAGE=$CREDSYNC_TEST_RABBITMQ_IMAGE CREDSYNC_POSTGRES_IMAGE=$CREDSYNC_TEST_POSTGRES_IMAGE

# The image of this machine's .NET: dotnet_image TARGET
dotnet_image() {
  local home
  home=$(dirname "$(readlink -f "$(command -v dotnet)")")
  # The folder is called dotnet in the archive, wherever it is on this machine.
  tar -c --transform 'flags=r;s,^\.,dotnet,' -C "$home" . -C /etc/ssl/certs ca-certificates.crt -C "$here/images/dotnet" Dockerfile |
    DOCKER_BUILDKIT=0 docker build --quiet --target "$1" --tag "credsync-test/dotnet-$1:bookworm" - >/dev/null 2>"$credsync_cache/dotnet-$1.log" ||
    { tail -n 20 "$credsync_cache/dotnet-$1.log" >&2; die "credsync-test/dotnet-$1 could not be built"; }
}

if [[ $CREDSYNC_RABBITMQ_IMAGE == credsync-test/* ]]; then
  as_root env CREDSYNC_TEST_CACHE="$credsync_cache" bash "$here/build-image.sh" debian
  say "building the .NET images"
  dotnet_image aspnet
  dotnet_image sdk
  export CREDSYNC_SDK_IMAGE=credsync-test/dotnet-sdk:bookworm CREDSYNC_RUNTIME_IMAGE=credsync-test/dotnet-aspnet:bookworm
  # Without the plugin that BuildKit needs here, the engine's own builder is used.
  docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0 COMPOSE_DOCKER_CLI_BUILD=0
fi

need curl curl
if docker compose version >/dev/null 2>&1; then compose=(docker compose)
else
  need docker-compose docker-compose
  compose=(docker-compose)
fi
# A name of its own, so that no other project's containers or volumes are touched.
compose+=(--project-name credsync-try --project-directory "$root" --file "$root/docker-compose.yml")

take_down() {
  local code=$?
  [ "$code" -eq 0 ] || "${compose[@]}" logs --no-color --tail 30 >&2 || true
  if [ -z "$keep" ]; then "${compose[@]}" down --volumes --timeout 20 >&2 || true; fi
  exit "$code"
}

"${compose[@]}" config --quiet
trap take_down EXIT
"${compose[@]}" build --quiet >&2
"${compose[@]}" up -d --no-build --scale issue=2 >&2

ids=$("${compose[@]}" ps --quiet)
health() { # shellcheck disable=SC2086 # one argument an id
  docker inspect --format '{{ index .Config.Labels "com.docker.compose.service" }} {{ .State.Health.Status }}' $ids; }
for _ in $(seq 90); do
  states=$(health)
  grep -qv ' healthy$' <<<"$states" || break
  sleep 2
done
say "$(tr '\n' ',' <<<"$states")"
grep -qv ' healthy$' <<<"$states" && die "not every service became healthy within three minutes"
address=http://127.0.0.1:${CREDSYNC_PORT:-8080}/health/ready
answer=$(curl --silent --show-error --fail "$address") || die "$address does not answer"
[[ $answer == *'"healthy"'* ]] || die "$address answers '$answer', not that it is healthy"
say "$address answers $answer"

# What it is all for: the play learners' completions come out at the other end as badges.
for _ in $(seq 60); do
  badges=$("${compose[@]}" exec -T issue find /data/badges -type f 2>/dev/null | wc -l) || badges=0
  [ "$badges" -eq 0 ] || break
  sleep 2
done
[ "$badges" -gt 0 ] || die "no badge was issued within two minutes"
say "badges are issued: $badges files so far"

# The journal of the issue workers is in the database, not in a file of either of them.
count() { "${compose[@]}" exec -T postgres psql --username credsync --dbname credsync --tuples-only --no-align --command "$1" </dev/null | tr -d '\r'; }
[ "$(count "SELECT count(*) FROM credsync_issue.issue_journal WHERE state = 'Finished'")" -gt 0 ] || die "the issue journal in the database is empty"
[ -z "$("${compose[@]}" exec -T issue find /data -name 'journal.db*')" ] || die "an issue worker keeps a journal in a file"

# One of two issue workers is killed in the middle of its work; the other finishes it.
victim=$("${compose[@]}" ps --quiet issue | head -n 1)
docker kill --signal KILL "$victim" >/dev/null
say "killed an issue worker"
for _ in $(seq 60); do
  open=$(count "SELECT count(*) FROM credsync.issuances WHERE state <> 'Issued'") || open=unknown
  [ "$open" != 0 ] || break
  sleep 2
done
[ "$open" = 0 ] || die "$open issuances are not issued two minutes after the kill"
twice=$(count "SELECT count(*) FROM (SELECT credential_id FROM credsync.issuances GROUP BY credential_id HAVING count(*) > 1) AS twice")
[ "$twice" = 0 ] || die "$twice credentials were issued twice"
say "everything planned is issued, once: $(count "SELECT count(*) FROM credsync.issuances") credentials"
