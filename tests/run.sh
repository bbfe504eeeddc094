#!/usr/bin/env bash
# Builds the solution and runs its tests:
#   bash tests/run.sh                 everything; brings up a container engine and images when there are none
#   bash tests/run.sh --quick         without the tests that need a container
#   bash tests/run.sh --filter WORDS  only tests whose full name contains WORDS, or that match a `dotnet test --filter` expression
# The last line is "N passed, N failed, N skipped". The exit code is 0 only when tests ran and none failed.
# With CI=true a test that needs a container, a browser or promtool fails where it would be skipped otherwise.
# The browser is chromium, and promtool tries the alert rules; where they are missing they are installed (Debian, root).
set -euo pipefail
shopt -s inherit_errexit nullglob
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*"; }
fail() { printf 'tests/run.sh: %s\n' "$*" >&2; exit 2; }

quick=
filter=
while [ $# -gt 0 ]; do
  case $1 in
    --quick) quick=yes ;;
    --filter) [ $# -ge 2 ] || fail "--filter needs a word"; filter=$2; shift ;;
    --filter=*) filter=${1#*=} ;;
    -h | --help) sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) fail "'$1' is not an option; see --help" ;;
  esac
  shift
done

ci=
[ "${CI:-}" != true ] || ci=yes
[ -z "$quick" ] || [ -z "$ci" ] || fail "--quick leaves tests out, and CI leaves nothing out"
command -v dotnet >/dev/null || fail "there is no 'dotnet'; install the .NET SDK that global.json names"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
results=$(mktemp -d "${TMPDIR:-/tmp}/credsync-tests.XXXXXX")
export CREDSYNC_TEST_RUN="run-$$-${results##*.}"
keep=

clean_up() {
  local left=
  # What a crashed test host left behind; the label names this run, so that nobody else's containers are touched.
  if command -v docker >/dev/null; then left=$(docker ps -aq --filter "label=credsync.test-run=$CREDSYNC_TEST_RUN" 2>/dev/null) || left=; fi
  # shellcheck disable=SC2086 # one argument an id
  [ -z "$left" ] || docker rm -f -v $left >/dev/null 2>&1 || true
  [ -n "$keep" ] || rm -rf "$results"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Containers
if [ -n "$quick" ]; then
  export CREDSYNC_TEST_CONTAINERS=off
elif [ -n "$ci" ] || [ "$(id -u)" -eq 0 ] || docker info >/dev/null 2>&1; then
  if "$root/tests/containers/up.sh" >"$results/environment"; then
    # shellcheck source=/dev/null
    . "$results/environment"
  elif [ -n "$ci" ]; then
    fail "there is no container engine, and CI leaves no test out"
  else
    say "no container engine could be brought up; tests that need one are skipped"
  fi
else
  say "no container engine answers; tests that need one are skipped (start yours, or see tests/containers/up.sh)"
fi

# A browser for the tests of the screens
if [ -z "$quick" ] && ! command -v chromium >/dev/null && [ -z "${CREDSYNC_CHROMIUM:-}" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  say "installing chromium"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >"$results/chromium.log" 2>&1 ||
    { [ -z "$ci" ] || fail "chromium could not be installed, and CI leaves no test out; see $results/chromium.log"; }
fi
command -v chromium >/dev/null || [ -n "${CREDSYNC_CHROMIUM:-}" ] || [ -z "$ci" ] || fail "there is no chromium, and CI leaves no test out"

# Prometheus's own tool, for the tests of the alert rules
if [ -z "$quick" ] && ! command -v promtool >/dev/null && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  say "installing promtool"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends prometheus; } >"$results/promtool.log" 2>&1 ||
    { [ -z "$ci" ] || fail "promtool could not be installed, and CI leaves no test out; see $results/promtool.log"; }
fi
command -v promtool >/dev/null || [ -z "$ci" ] || fail "there is no promtool, and CI leaves no test out"

# Scripts and build
if command -v shellcheck >/dev/null; then
  (cd "$root" && shellcheck -x .ci/run tests/run.sh tests/containers/*.sh tests/containers/images/*/*.sh) || fail "shellcheck found faults in the scripts"
fi
build=(-c Release --nologo -v quiet -clp:NoSummary)
[ -z "$ci" ] || build+=(--disable-build-servers)
say "building"
dotnet restore "$root/CredSync.sln" -v quiet --nologo || fail "the packages could not be restored"
dotnet build "$root/CredSync.sln" --no-restore "${build[@]}" || fail "the build failed"

# Tests. Each test project is a program; it is started as such, which needs no test host around it.
# A test that runs longer than a minute is named, so that a hung one can be found.
arguments=(-noColor -noLogo -noAutoReporters -reporter quiet -longRunning 60)
case $filter in
  '') ;;
  *[=~]*) arguments+=(-filterVSTest "$filter") ;;
  *) arguments+=(-filterVSTest "FullyQualifiedName~$filter") ;;
esac

run_project() {
  local name=$1 program code=0 started=$SECONDS
  program=$root/tests/$name/bin/Release/net10.0/$name.dll
  # A hung test must not hold the whole run for ever.
  {
    (cd "$root/tests/$name" &&
      exec timeout --kill-after=30 "${CREDSYNC_TEST_TIMEOUT:-3000}" dotnet "$program" "${arguments[@]}" -result-trx "$results/$name.trx") ||
      code=$?
  } >"$results/$name.log" 2>&1 </dev/null
  echo "$code $((SECONDS - started))" >"$results/$name.end"
}

count() { # count PROJECT OUTCOME
  { grep -o '<UnitTestResult [^>]*' "$results/$1.trx" 2>/dev/null || true; } | grep -c " outcome=\"$2\"" || true
}

projects=("$root"/tests/*.Tests/*.csproj)
[ ${#projects[@]} -gt 0 ] || fail "there are no test projects"
names=()
for project in "${projects[@]}"; do
  name=$(basename "$project" .csproj)
  # End to end takes longest and mostly waits: it starts first.
  if [ "$name" = CredSync.EndToEnd.Tests ]; then names=("$name" "${names[@]}"); else names+=("$name"); fi
done

say "testing"
running=0
for name in "${names[@]}"; do
  if [ "$running" -ge 2 ]; then wait -n; running=$((running - 1)); fi
  run_project "$name" &
  running=$((running + 1))
done
wait

passed=0 failed=0 skipped=0
to_show=()
for name in "${names[@]}"; do
  read -r code seconds <"$results/$name.end" || { code=1; seconds=0; }
  p=$(count "$name" Passed) f=$(count "$name" Failed) s=$(count "$name" NotExecuted)
  note=
  if [ ! -s "$results/$name.trx" ]; then
    f=$((f + 1))
    if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then note="it did not end in time"; else note="it ended with code $code and wrote no results"; fi
  elif [ "$code" -ne 0 ] && [ "$f" -eq 0 ]; then
    f=1 note="no test failed, but it ended with code $code"
  fi
  [ "$f" -eq 0 ] || to_show+=("$name")
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  printf '  %-32s %5d passed %5d failed %5d skipped  %4d s%s\n' "$name" "$p" "$f" "$s" "$seconds" "${note:+  $note}"
done

for name in "${to_show[@]}"; do
  say
  say "---- $name"
  # The stack of a crash can be hundreds of lines of several kilobytes.
  cut -c 1-300 "$results/$name.log" | sed -n '1,200p'
  [ "$(wc -l <"$results/$name.log")" -le 200 ] || say "... the rest is in $results/$name.log"
done
if [ "$skipped" -gt 0 ]; then
  say
  say "skipped${quick:+ (--quick leaves out what needs a container)}:"
  for name in "${names[@]}"; do grep -h -A 1 ' \[SKIP\]$' "$results/$name.log" | grep -v '^--$' | cut -c 3-300 || true; done
fi
[ ${#to_show[@]} -eq 0 ] || { keep=yes; say; say "logs and results: $results"; }
say
say "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
