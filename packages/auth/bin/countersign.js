#!/usr/bin/env node
/// <reference types="node" />
// Node-API below 10 ends in a crash without a word when the database is opened, so this comes
// before anything is imported.
const { node, napi } = process.versions
const [major = 0, minor = 0] = node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18) || Number(napi) < 10) {
  process.stderr.write(`error: Countersign needs Node 22.18 or newer, and this is Node ${node}.\n`)
  process.exit(1)
}
await import('../dist/cli.js')
