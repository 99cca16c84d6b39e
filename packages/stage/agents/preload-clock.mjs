/**
 * Loaded before a node's own code: its wall clock is off by what a file says, in milliseconds, and may jump at any time.
 * The clock that only runs forward stays as it is, as on a machine whose time somebody sets.
 */
import { readFileSync, writeFileSync } from "node:fs"

const lookMs = 20
const file = process.env.EVERTHREAD_TEST_CLOCK
const RealDate = Date
let offMs = 0

function look() {
  const now = Number(readFileSync(file, "utf8"))
  if (now === offMs) return
  offMs = now
  writeFileSync(`${file}.seen`, String(now))
}

globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + offMs] : given))
  }

  static now() {
    return RealDate.now() + offMs
  }
}

look()
setInterval(look, lookMs).unref()
