#!/usr/bin/env bash
# Has schemathesis ask a coordinator of its own everything that /openapi.json describes, and much that it forbids: every answer must be as
# described, and none a fault of the server. Needs Python 3 with venv; installs what is missing into bin/schemathesis.
set -euo pipefail
cd "$(dirname "$0")/.."
version=4.32.5
venv=$PWD/bin/schemathesis
if [[ "$("$venv/bin/schemathesis" --version 2>/dev/null || true)" != *"$version"* ]]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"
fi
work=$(mktemp -d)
stop() {
  if [[ -n "${pid:-}" ]]; then
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap stop EXIT
bin/sage-coordinator dev --port 0 --bind 127.0.0.1 --rate-limit=false --data-dir "$work/data" --block-time 300ms > "$work/out" 2> "$work/log" &
pid=$!
url=
for _ in $(seq 120); do
  url=$(grep -hoP '(?<=dashboard   )http://\S+' "$work/out" "$work/log" | head -1 || true)
  if [[ -n "$url" ]] && curl -fsS "$url/health/ready" > /dev/null 2>&1; then
    break
  fi
  kill -0 "$pid" || { cat "$work/log" >&2; exit 1; }
  sleep 1
done
cd api
"$venv/bin/schemathesis" --config-file schemathesis.toml run "$url/openapi.json" --checks all --continue-on-failure "$@"
