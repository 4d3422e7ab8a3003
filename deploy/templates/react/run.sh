#!/bin/sh
# The first start fetches the packages; later ones need no network.
set -e
cd "$(dirname "$0")"
[ -d node_modules ] || npm install
exec npm start
