#!/usr/bin/env bash
# Sourced by up.sh and down.sh: finds, installs, starts and stops a container engine.
# Everything here speaks on standard error; standard output belongs to the caller.

# Where built images, downloaded packages and the pid of an engine that up.sh started are kept.
credsync_cache=${CREDSYNC_TEST_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/credsync-test-images}

say() { printf 'containers: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Runs a command with root's rights: as it is for root, else through sudo that needs no password.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"
  else say "'$1' needs root or a sudo that asks for no password"; return 1
  fi
}

# True when a container engine answers.
engine_answers() { command -v docker >/dev/null && docker info >/dev/null 2>&1; }

# Installs Debian packages when one of the given commands is missing: need COMMAND PACKAGE [COMMAND PACKAGE]...
need() {
  local missing=()
  while [ $# -gt 0 ]; do
    # Root's folders are looked at as well: a user's PATH often lacks them.
    PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null || missing+=("$2")
    shift 2
  done
  [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
}

install_packages() {
  command -v apt-get >/dev/null || die "these packages are missing and this machine has no apt-get: $*"
  say "installing $*"
  as_root apt-get update -qq >&2 || die "the package lists could not be fetched"
  # No service may be started by the installation: the engine is started below, under our own pid file.
  as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "$@" >"$credsync_cache/install.log" 2>&1 ||
    { tail -n 20 "$credsync_cache/install.log" >&2; die "installing $* failed"; }
}

need_debootstrap() {
  need debootstrap debootstrap
  # Other distributions keep the keys that sign Debian's packages in a package of their own.
  [ -f /usr/share/keyrings/debian-archive-keyring.gpg ] || install_packages debian-archive-keyring
}

# True when process $1 is alive and is the program $2; a pid file may be older than the machine's last start.
is_program() { [ -n "${1:-}" ] && [ "$(cat "/proc/$1/comm" 2>/dev/null)" = "$2" ]; }

# Removes a pid file whose process is another program by now: the engine would take it for a running twin.
drop_stale_pid_file() {
  local pid
  pid=$(cat "$1" 2>/dev/null) || return 0
  is_program "$pid" "$2" || as_root rm -f "$1"
}

# Starts dockerd in a session of its own, so that it outlives this shell, and waits until it answers.
start_engine() {
  [ -z "${DOCKER_HOST:-}" ] || die "nothing answers at DOCKER_HOST=$DOCKER_HOST; start that engine, or unset the variable"
  need dockerd docker.io iptables iptables
  # Newer Debian packs the client apart from the engine.
  need docker docker-cli
  ! engine_answers || return 0
  local pid_file=$credsync_cache/dockerd.pid log=$credsync_cache/dockerd.log driver pid limit
  for driver in '' vfs; do
    drop_stale_pid_file /run/docker/containerd/containerd.pid containerd
    drop_stale_pid_file "$pid_file" dockerd
    say "starting dockerd${driver:+ with the slower storage driver $driver}; its log is $log"
    # The socket belongs to the caller's group, so that tests need no root.
    local arguments=(--pidfile "$pid_file" --group "$(id -g)")
    # Erlang reserves memory for every file that it may open, so a very high limit is lowered; a low one cannot always be raised.
    limit=$(ulimit -Hn)
    if [ "$limit" = unlimited ] || [ "$limit" -gt 65536 ]; then arguments+=(--default-ulimit nofile=65536:65536); fi
    [ -z "$driver" ] || arguments+=(--storage-driver "$driver")
    # Descriptor 9 is the caller's lock; the engine must not keep it.
    as_root setsid nohup env PATH="$PATH:/usr/sbin:/sbin" dockerd "${arguments[@]}" </dev/null >>"$log" 2>&1 9>&- &
    for _ in $(seq 60); do
      if engine_answers; then
        say "dockerd runs, pid $(cat "$pid_file")"
        return
      fi
      sleep 1
      pid=$(cat "$pid_file" 2>/dev/null) || pid=
      # Once the pid file is written and its process has gone, waiting is useless.
      [ -z "$pid" ] || is_program "$pid" dockerd || break
    done
    stop_engine
  done
  tail -n 20 "$log" >&2
  die "dockerd does not start; see the lines above"
}

# Stops the dockerd that start_engine started, and no other.
stop_engine() {
  local pid_file=$credsync_cache/dockerd.pid pid
  pid=$(cat "$pid_file" 2>/dev/null) || { say "no engine was started from here"; return 0; }
  if is_program "$pid" dockerd; then
    # The shell's own kill: the program of that name is not on every machine.
    as_root sh -c "kill $pid"
    for _ in $(seq 60); do
      is_program "$pid" dockerd || break
      sleep 1
    done
    is_program "$pid" dockerd && die "dockerd ($pid) does not stop; look at $credsync_cache/dockerd.log"
    say "dockerd ($pid) stopped"
  fi
  as_root rm -f "$pid_file"
}
