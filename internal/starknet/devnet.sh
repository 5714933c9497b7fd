#!/usr/bin/env bash
# Prints the path of starknet-devnet, a real StarkNet node for tests, and gets it first where it is not there:
# the program that STARKNET_DEVNET names, the one kept in bin/, a packed copy beside the repository, or cargo's build.
# With --at-hand it builds nothing, and fails where the program would have to be built.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=0.10.1
kept="$PWD/bin/starknet-devnet"
packed="../shared/bin/starknet-devnet-$version-linux-x86_64.xz"

usable() { [[ "$("$1" --version 2>/dev/null)" == *"$version"* ]]; }

if [[ -n "${STARKNET_DEVNET:-}" ]]; then
  if ! usable "$STARKNET_DEVNET"; then
    echo "STARKNET_DEVNET=$STARKNET_DEVNET is not starknet-devnet $version" >&2
    exit 1
  fi
  echo "$STARKNET_DEVNET"
  exit
fi

if ! usable "$kept"; then
  mkdir -p bin
  if [[ -f "$packed" && "$(uname -sm)" == "Linux x86_64" ]]; then
    xz -dc "$packed" >"$kept.new"
    chmod +x "$kept.new"
    mv "$kept.new" "$kept"
  elif [[ "${1:-}" == --at-hand ]]; then
    echo "there is no starknet-devnet $version at hand, and building it takes over an hour" >&2
    exit 1
  elif command -v cargo >/dev/null; then
    echo "building starknet-devnet $version with cargo: this takes over an hour, once" >&2
    cargo install starknet-devnet --version "$version" --locked --root bin/cargo >&2
    mv bin/cargo/bin/starknet-devnet "$kept"
  else
    echo "the tests against a real node did NOT run: there is no starknet-devnet $version, and no cargo to build it" >&2
    echo "set STARKNET_DEVNET to the program, or install Rust (https://rustup.rs)" >&2
    exit 1
  fi
  if ! usable "$kept"; then
    echo "$kept is not starknet-devnet $version" >&2
    exit 1
  fi
fi
echo "$kept"
