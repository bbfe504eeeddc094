#!/usr/bin/env bash
# What .NET asks of a Debian: certificates, OpenSSL, the C++ library, time zones. The base of the images of images/dotnet.
# shellcheck disable=SC2034 # build-image.sh reads these
packages=ca-certificates,libssl3,libstdc++6,zlib1g,tzdata
changes=(
  'CMD ["/bin/bash"]'
)
