#!/usr/bin/env bash
# Makes a Debian or Ubuntu machine with any Node >= 18 and npm ready for `make up` or `make test`.
# Safe to run at any time; with nothing to do it is done in a moment. Usage: bootstrap.sh up|test
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly PURPOSE=${1:-up}
readonly NODE_VERSION=24.21.0
readonly NODE_BIN=.toolchain/node_modules/node/bin/node
readonly DEPENDENCIES_STAMP=node_modules/.vessel-lock-sha256

# What runs, what builds VS Code, and what tests, virtual machines and sandboxes need besides.
readonly RUN_PACKAGES=(nats-server redis-server)
readonly BUILD_PACKAGES=(libkrb5-dev libx11-dev libxkbfile-dev libsecret-1-dev pkg-config make g++ python3)
readonly TEST_PACKAGES=(chromium zip unzip)
readonly MACHINE_PACKAGES=(qemu-system-x86 qemu-utils mmdebstrap e2fsprogs iproute2 nftables)
readonly OPTIONAL_PACKAGES=(bubblewrap)

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# step "what" command... : says how long it took, and the end of its output when it failed.
step() {
  local what=$1 log started=$SECONDS
  shift
  log=$(mktemp)
  say "$what"
  if ! ("$@") >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    rm -f "$log"
    fail "$what: failed. The lines above say why."
  fi
  rm -f "$log"
  say "$what: done ($((SECONDS - started)) s)"
}

is_installed() { [[ $(dpkg-query -W -f='${Status}' "$1" 2>/dev/null) == 'install ok installed' ]]; }

missing_of() {
  local package
  for package in "$@"; do is_installed "$package" || printf '%s\n' "$package"; done
}

as_root() {
  if [[ $(id -u) -eq 0 ]]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "root is needed for: $* (there is no sudo). Run it as root, then start again."
  fi
}

# Debian starts a server as soon as it is installed. Ours have ports and folders of their own, so
# a policy of "not now" stands while apt runs, unless the machine has a policy already.
install_packages() (
  local policy=${VESSEL_POLICY_RC:-/usr/sbin/policy-rc.d}
  if [[ ! -e $policy ]]; then
    trap 'as_root rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
  fi
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3)
  local install=(install -y --no-install-recommends "$@")
  # Lists that are older than the mirror name files that are gone: fetch them once and try again.
  as_root "${apt[@]}" "${install[@]}" && return
  as_root "${apt[@]}" update
  as_root "${apt[@]}" "${install[@]}"
)

is_known_to_apt() { apt-cache show "$1" >/dev/null 2>&1; }

ensure_packages() {
  local wanted=("${RUN_PACKAGES[@]}" "${BUILD_PACKAGES[@]}") missing package
  if [[ $PURPOSE == test ]]; then wanted+=("${TEST_PACKAGES[@]}" "${MACHINE_PACKAGES[@]}"); fi
  if [[ ${DRIVER:-} == qemu ]]; then wanted+=("${MACHINE_PACKAGES[@]}"); fi
  mapfile -t missing < <(missing_of "${wanted[@]}")
  local extra
  mapfile -t extra < <(missing_of "${OPTIONAL_PACKAGES[@]}")
  if [[ ${#missing[@]} -eq 0 && ${#extra[@]} -eq 0 ]]; then return; fi

  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    fail "this is not Debian or Ubuntu. Install these yourself, then start again: ${missing[*]}"
  fi
  # One question decides whether the package lists are there at all.
  for package in "${missing[@]}" "${extra[@]}"; do
    if ! is_known_to_apt "$package"; then
      step 'updating the package lists' as_root apt-get update
      break
    fi
  done
  # Nice to have: where it does not exist, sessions run without it and the agent says so.
  for package in "${extra[@]}"; do
    if is_known_to_apt "$package"; then missing+=("$package"); fi
  done
  if [[ ${#missing[@]} -eq 0 ]]; then return; fi
  step "installing ${missing[*]}" install_packages "${missing[@]}"
}

ensure_node() {
  command -v npm >/dev/null || fail 'npm is missing. Install Node.js 18 or newer with npm first.'
  if [[ $("$NODE_BIN" -v 2>/dev/null) == "v$NODE_VERSION" ]]; then return; fi
  mkdir -p .toolchain
  # The package puts its binary in place by an install script of its own.
  npm_config_dangerously_allow_all_scripts=true npm_config_ignore_scripts=false \
    step "fetching Node $NODE_VERSION into .toolchain" \
    npm install --prefix .toolchain --no-audit --no-fund "node@$NODE_VERSION"
  [[ $("$NODE_BIN" -v 2>/dev/null) == "v$NODE_VERSION" ]] ||
    fail "Node $NODE_VERSION does not run on this machine ($(uname -sm))."
}

# `npm ci` refuses a lock that lacks the packages of other platforms, which is how npm writes it
# where the registry does not have them. `install` takes the same locked versions and writes nothing.
install_dependencies() {
  npm ci --no-audit --no-fund || npm install --no-save --no-audit --no-fund
}

ensure_dependencies() {
  local sum
  sum=$(sha256sum package-lock.json | cut -d ' ' -f 1)
  if [[ -f $DEPENDENCIES_STAMP && $(<"$DEPENDENCIES_STAMP") == "$sum" ]]; then return; fi
  step 'installing the Node packages' install_dependencies
  printf '%s\n' "$sum" >"$DEPENDENCIES_STAMP"
}

# What runs from sources needs no build; Next and editors read the compiled contracts.
ensure_proto() {
  if [[ -f proto/dist/.vessel-built && -z $(find proto/src proto/tsconfig.json -newer proto/dist/.vessel-built -print -quit) ]]; then
    return
  fi
  step 'building the contracts' node_modules/.bin/tsc -b proto
  touch proto/dist/.vessel-built
}

[[ $PURPOSE == up || $PURPOSE == test ]] || fail 'usage: bootstrap.sh up|test'
ensure_packages
ensure_node
PATH="$PWD/.toolchain/node_modules/node/bin:$PATH"
export PATH
ensure_dependencies
ensure_proto
