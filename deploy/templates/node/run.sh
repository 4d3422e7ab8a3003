#!/bin/sh
# Starts the server again whenever a file changes.
cd "$(dirname "$0")" && exec node --watch server.js
