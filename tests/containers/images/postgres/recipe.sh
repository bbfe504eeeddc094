#!/usr/bin/env bash
# PostgreSQL 15, the oldest version that CredSync supports, behind the environment variables of the official image.
# shellcheck disable=SC2034 # build-image.sh reads these
packages=postgresql-15
changes=(
  # The programs themselves come before Debian's wrappers, which need a cluster that Debian made.
  'ENV PATH=/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/bin:/bin'
  'ENV PGDATA=/var/lib/postgresql/data'
  'ENV LANG=C.UTF-8'
  'EXPOSE 5432'
  'USER postgres'
  'ENTRYPOINT ["/usr/local/bin/entrypoint.sh"]'
)

finish() {
  install -m 755 "$2/entrypoint.sh" "$1/usr/local/bin/"
  # The cluster that the package made at installation is not the one that runs.
  rm -rf "$1"/var/lib/postgresql/15 "$1"/etc/postgresql/15 "$1"/var/log/postgresql/*
  # A new volume that is mounted here takes this owner.
  chroot "$1" install -d -o postgres -g postgres -m 700 /var/lib/postgresql/data
  # As the official image has it: a tmpfs that is mounted here takes this mode, but not the owner.
  chmod 3777 "$1/run/postgresql"
}
