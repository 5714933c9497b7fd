#!/usr/bin/env bash
# Installs what the tests of the deployment files run, as far as it is missing: promtool and prometheus into bin/tools, the rest
# as Debian's packages. Elsewhere than on Debian it only says what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$PWD/bin/tools
mkdir -p "$tools"
export PATH="$tools:$PATH"

declare -A package=([curl]=curl [jq]=jq [psql]=postgresql-client [busybox]=busybox)
packages=()
for program in "${!package[@]}"; do
  command -v "$program" > /dev/null || packages+=("${package[$program]}")
done
prometheus=
command -v promtool > /dev/null && command -v prometheus > /dev/null || prometheus=missing

if [[ -z $prometheus && ${#packages[@]} -eq 0 ]]; then
  exit 0
fi
if ! command -v apt-get > /dev/null || [[ $(id -u) -ne 0 ]]; then
  echo "install these first: ${packages[*]} ${prometheus:+prometheus (with promtool)}" >&2
  exit 1
fi
apt-get update -qq
if [[ ${#packages[@]} -gt 0 ]]; then
  apt-get install -y -qq --no-install-recommends "${packages[@]}" > /dev/null
fi
if [[ -n $prometheus ]]; then
  # Unpacked rather than installed: the package would start a server of its own.
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  chmod 755 "$work"
  (cd "$work" && apt-get download -qq -o APT::Sandbox::User=root prometheus && dpkg -x prometheus_*.deb unpacked)
  install "$work/unpacked/usr/bin/promtool" "$work/unpacked/usr/bin/prometheus" "$tools"
fi
