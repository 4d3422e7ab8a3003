#!/usr/bin/env bash
# Brings what Vessel needs onto a fresh Debian or Ubuntu: system packages, Node 24, npm packages, the
# built contracts. Safe to run again: what is there already costs next to nothing.
#
#   bootstrap.sh up     what `make up` needs
#   bootstrap.sh test   that, and a browser
set -euo pipefail

purpose=${1:?up or test}
cd "$(dirname "$0")/../.."

node_version=24.21.0
# One program of each package, to see whether it is there; libraries by their pkg-config name.
declare -A programs=(
  [nats-server]=nats-server [redis-server]=redis-server [git]=git [bwrap]=bubblewrap
  [make]=make [g++]=g++ [python3]=python3 [pkg-config]=pkg-config
)
declare -A libraries=(
  [krb5]=libkrb5-dev [x11]=libx11-dev [xkbfile]=libxkbfile-dev [libsecret-1]=libsecret-1-dev
)
[ "$purpose" != test ] || programs+=([chromium]=chromium [zip]=zip [unzip]=unzip)

say() { printf '\033[2m%s\033[0m %s\n' 'set-up:' "$*" >&2; }
fail() {
  printf '\033[31mset-up failed:\033[0m %s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

missing_packages() {
  local name
  for name in "${!programs[@]}"; do
    # Debian keeps daemons in sbin, which is not on everybody's PATH.
    PATH=$PATH:/usr/sbin:/sbin command -v "$name" >/dev/null || echo "${programs[$name]}"
  done
  for name in "${!libraries[@]}"; do
    pkg-config --exists "$name" 2>/dev/null || echo "${libraries[$name]}"
  done
}

install_packages() {
  local missing
  mapfile -t missing < <(missing_packages | sort -u)
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null ||
    fail "missing: ${missing[*]}. This machine has no apt-get; install them by hand and run again."
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
    fail "missing: ${missing[*]}. Run as root, or install sudo, or install them by hand."

  say "installing ${missing[*]}"
  local log policy='' code=0
  log=$(mktemp)
  # Our own servers run on ports of our own; the packages' system services are not wanted.
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    policy=/usr/sbin/policy-rc.d
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "${missing[@]}" >"$log" 2>&1 || {
    as_root apt-get update -q >"$log" 2>&1 &&
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "${missing[@]}" >>"$log" 2>&1
  } || code=$?
  [ -z "$policy" ] || as_root rm -f "$policy"
  if [ "$code" != 0 ]; then
    tail -n 15 "$log" >&2
    fail "apt-get could not install ${missing[*]}. The whole output is in $log"
  fi
  rm -f "$log"
}

bring_node() {
  command -v npm >/dev/null || fail "npm is missing. Install Node.js 18 or newer with npm."
  local major
  major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
  [ "${major:-0}" -lt 24 ] || return 0
  local bin=.toolchain/node_modules/node/bin
  if [ "$("$bin/node" --version 2>/dev/null)" != "v$node_version" ]; then
    say "fetching Node $node_version into .toolchain (this machine has ${major:-none})"
    mkdir -p .toolchain
    echo '{"private":true}' >.toolchain/package.json
    npm install --prefix .toolchain --no-save --no-audit --no-fund --loglevel=error \
      "node@$node_version" >&2 || fail "npm could not fetch node@$node_version"
    "$bin/node" --version >/dev/null || fail "Node $node_version does not run on this machine"
  fi
  PATH=$PWD/$bin:$PATH
}

# `npm install` and not `npm ci`: some registries carry only this platform's builds of the packages
# that have one per platform, and `npm ci` refuses a lockfile without the others. It installs what
# the lockfile says all the same; the lockfile itself is put back as it was.
install_modules() {
  local stamp=node_modules/.vessel-lock wanted kept code=0
  wanted=$(cat package-lock.json package.json {proto,dashboard}/package.json \
    {services,deploy/local}/*/package.json | sha256sum | cut -d' ' -f1)
  if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    say 'installing npm packages'
    kept=$(mktemp)
    cp package-lock.json "$kept"
    npm install --no-audit --no-fund --loglevel=error >&2 || code=$?
    cp "$kept" package-lock.json
    rm -f "$kept"
    [ "$code" = 0 ] || fail 'npm install failed; see above'
    echo "$wanted" >"$stamp"
  fi
}

build_contracts() {
  node_modules/.bin/tsc -b proto || fail 'proto does not compile'
}

install_packages
bring_node
install_modules
build_contracts
