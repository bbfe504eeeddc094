#!/usr/bin/env bash
# Builds one test image from Debian packages alone, for machines that reach no image registry.
#   build-image.sh NAME     NAME is a folder under images/; the image is tagged credsync-test/NAME:bookworm
# The finished file system is kept in the cache, so that a lost engine costs an import and not a build. Runs as root.
set -euo pipefail
shopt -s inherit_errexit
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/containers/engine.sh
. "$here/engine.sh"

name=$1
suite=bookworm
recipe_folder=$here/images/$name
[ -f "$recipe_folder/recipe.sh" ] || die "there is no recipe $recipe_folder/recipe.sh"
packages=
changes=()
# A recipe that adds to the file system says how: its arguments are the file system's folder and the recipe's.
finish() { :; }
# shellcheck source=/dev/null
. "$recipe_folder/recipe.sh"

# Any change to the recipe, or to this script, makes another image.
recipe=$(cat "${BASH_SOURCE[0]}" "$recipe_folder"/* | sha256sum | cut -c1-16)
image=credsync-test/$name:$suite
archive=$credsync_cache/$name-$recipe.tar

if [ "$(docker image inspect --format '{{ index .Config.Labels "credsync.recipe" }}' "$image" 2>/dev/null)" = "$recipe" ]; then
  exit 0
fi

# The mirror that this machine's own package manager uses; none named: debootstrap's own choice.
debian_mirror() {
  [ -z "${CREDSYNC_TEST_DEBIAN_MIRROR:-}" ] || { echo "$CREDSYNC_TEST_DEBIAN_MIRROR"; return; }
  command -v apt-get >/dev/null || return 0
  # shellcheck disable=SC2016 # the fields are apt's, not the shell's
  apt-get indextargets --format '$(CREATED_BY) $(ORIGIN) $(COMPONENT) $(CODENAME) $(REPO_URI)' 2>/dev/null |
    awk '$1 == "Packages" && $2 == "Debian" && $3 == "main" && $4 !~ /-/ && $5 ~ /^https?:/ && !found { print $5; found = 1 }'
}

if [ ! -f "$archive" ]; then
  need_debootstrap
  mkdir -p "$credsync_cache/packages-$name"
  root=$(mktemp -d "$credsync_cache/build-$name.XXXXXX")
  # debootstrap mounts /proc inside; --one-file-system keeps a removal from ever walking into it.
  trap 'umount "$root/proc" "$root/sys" 2>/dev/null || true; rm -rf --one-file-system "$root"' EXIT
  chmod 755 "$root"
  mirror=$(debian_mirror)
  proxy=
  eval "$(apt-config shell proxy Acquire::http::Proxy 2>/dev/null || true)"
  [ -z "$proxy" ] || export http_proxy=$proxy
  say "building $image (about a minute)"
  log=$credsync_cache/build-$name.log
  # $mirror is left unquoted: an empty one is no argument.
  # shellcheck disable=SC2086
  if ! debootstrap --variant=minbase ${packages:+--include="$packages"} --cache-dir="$credsync_cache/packages-$name" \
      "$suite" "$root" $mirror >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "debootstrap failed; the whole log is $log"
  fi
  finish "$root" "$recipe_folder"
  rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}/* "$root"/var/log/*.log
  # The sources name the mirror of the machine that built; an image does not need it.
  rm -f "$root/etc/apt/sources.list" "$root/etc/hostname" "$root/etc/resolv.conf"
  tar -C "$root" -c . >"$archive.part"
  mv "$archive.part" "$archive"
  find "$credsync_cache" -maxdepth 1 -name "$name-*.tar" ! -path "$archive" -delete
fi

arguments=()
for change in "${changes[@]}" "LABEL credsync.recipe=$recipe"; do arguments+=(--change "$change"); done
docker import "${arguments[@]}" "$archive" "$image" >/dev/null
say "$image is ready"
