/**
 * Loaded before a node's own code: its event loop stands still for as long as a file says `held`, as under a computation that
 * does not end. Nothing of the node goes on meanwhile; its sockets stay open, and the system answers for them.
 */
import { readFileSync, writeFileSync } from "node:fs"

const lookMs = 20
const file = process.env.EVERTHREAD_TEST_HOLD
const cell = new Int32Array(new SharedArrayBuffer(4))

const word = () => readFileSync(file, "utf8")

function look() {
  if (word() !== "held") return
  writeFileSync(`${file}.seen`, "held")
  while (word() === "held") Atomics.wait(cell, 0, 0, lookMs)
  writeFileSync(`${file}.seen`, "free")
}

setInterval(look, lookMs).unref()
