#!/usr/bin/env bash
# Stops the container engine that up.sh started, and no other. Images and cache stay; another up.sh is quick.
set -euo pipefail
# shellcheck source=tests/containers/engine.sh
. "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/engine.sh"
mkdir -p "$credsync_cache"
exec 9>"$credsync_cache/lock"
flock 9
stop_engine
