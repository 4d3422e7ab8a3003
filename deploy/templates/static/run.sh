#!/bin/sh
# Any static server would do; this one is on nearly every machine.
cd "$(dirname "$0")/site" && exec python3 -m http.server "${PORT:-3000}"
