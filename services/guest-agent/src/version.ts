/** The same as in package.json, which is not there once we are one file. A test compares. */
export const AGENT_VERSION = '0.1.0'
