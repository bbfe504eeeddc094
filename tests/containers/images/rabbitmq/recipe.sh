#!/usr/bin/env bash
# RabbitMQ with its management API, as the official "-management" image has it.
# shellcheck disable=SC2034 # build-image.sh reads these
packages=rabbitmq-server
changes=(
  # Log lines go to the console: whoever waits for "Server startup complete" reads it there.
  'ENV RABBITMQ_LOGS=-'
  'ENV HOME=/var/lib/rabbitmq'
  'EXPOSE 5672 15672'
  'USER rabbitmq'
  'ENTRYPOINT ["/usr/lib/rabbitmq/bin/rabbitmq-server"]'
)

finish() {
  install -m 644 "$2/enabled_plugins" "$2/rabbitmq.conf" "$1/etc/rabbitmq/"
  # A node that was started by the package's own script would leave its cookie and database to every container.
  rm -rf "$1"/var/lib/rabbitmq/{mnesia,.erlang.cookie} "$1"/var/log/rabbitmq/*
}
