// Loaded before everything else (`node --import`). What time it is differs by as many seconds as a
// file says; how much time has passed does not.

import { readFileSync } from 'node:fs'

const lookEveryMs = 20
const path = process.env['CLOCK_FILE'] ?? ''
const readMs = () => Number(readFileSync(path, 'utf8')) * 1000
let aheadMs = readMs()
setInterval(() => {
  aheadMs = readMs()
}, lookEveryMs).unref()

const RealDate = Date
const now = () => RealDate.now() + aheadMs

class SteppedDate extends RealDate {
  constructor(...given: [] | [number | string | Date]) {
    if (given.length === 0) super(now())
    else super(...given)
  }

  static override now(): number {
    return now()
  }
}

globalThis.Date = SteppedDate as DateConstructor
