#!/bin/sh
# Runs the server and starts it anew when a file changes.
exec node --watch server.js
