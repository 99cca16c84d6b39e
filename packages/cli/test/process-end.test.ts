import { EventEmitter } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { systemClock } from "@everthread/protocol"
import { createLog } from "@everthread/server/logging"
import { watchProcessEnd } from "../src/serve/process-end.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "everthread-end-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A process that can be sent signals, with a log in files. The promise resolves with its exit codes so far. */
function watched(stop: () => Promise<void>) {
  const process = new EventEmitter()
  const codes: number[] = []
  let ended: () => void
  const end = new Promise<void>((resolve) => {
    ended = resolve
  })
  const exit = (code: number) => {
    codes.push(code)
    ended()
  }
  const config = { level: "info", format: "json", folder, fileBytesMax: 1_000_000, filesMax: 1 } as const
  const log = createLog({ config, terminal: { write: () => {} }, clock: systemClock, secrets: [] })
  watchProcessEnd({ log, stop, exit }, process)
  const logged = () => readFileSync(join(folder, "everthread.log"), "utf8")
  return { process, codes, end, logged }
}

test.each(["SIGTERM", "SIGINT"])("[CON4] %s stops in good order and ends with 0", async (signal) => {
  let stopped = 0
  const { process, codes, end } = watched(async () => void stopped++)
  process.emit(signal)
  await end
  expect({ stopped, codes }).toEqual({ stopped: 1, codes: [0] })
})

test("a second signal ends at once, whatever the first one waits for", () => {
  const { process, codes } = watched(() => new Promise(() => {}))
  process.emit("SIGINT")
  expect(codes).toEqual([])
  process.emit("SIGTERM")
  expect(codes).toEqual([1])
})

test("what fails while stopping is logged, and ends with 1", async () => {
  const { process, codes, end, logged } = watched(() => Promise.reject(new Error("the disk is gone")))
  process.emit("SIGTERM")
  await end
  expect(codes).toEqual([1])
  expect(logged()).toContain("the disk is gone")
})

test("an exception that nobody caught is in the log before the process ends with 1", () => {
  const { process, codes, logged } = watched(async () => {})
  process.emit("uncaughtException", new Error("nobody caught me"))
  expect(codes).toEqual([1])
  expect(logged()).toContain('"level":"fatal"')
  expect(logged()).toContain("nobody caught me")
})

test("[RUN6] a rejection that nobody looked at is in the log, and the process goes on", async () => {
  const { process, codes, end, logged } = watched(async () => {})
  process.emit("unhandledRejection", new Error("nobody looked at me"))
  expect(codes).toEqual([])
  process.emit("SIGTERM")
  await end
  expect(codes).toEqual([0])
  expect(logged()).toContain("nobody looked at me")
})
