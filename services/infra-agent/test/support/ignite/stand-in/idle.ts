/** A task that runs and is no machine: what failures of ignite leave in containerd. */
setInterval(() => undefined, 60_000)
