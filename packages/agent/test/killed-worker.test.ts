import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Harness, runOf, saidIn } from "./support/harness.ts"
import { slowCounter } from "./support/slow-counter.ts"

const hooks = new URL("./support/ts-hooks.mjs", import.meta.url).href
const sources = ["--conditions=everthread:source", `--import=${hooks}`]
const script = join(import.meta.dirname, "support", "worker-process.ts")

let child: ChildProcess | undefined
afterEach(() => {
  child?.kill("SIGKILL")
})

test("[RUN3] a run whose process was killed goes on from its last checkpoint, with nothing lost and nothing doubled", async () => {
  const folder = await mkdtemp(join(tmpdir(), "everthread-killed-"))
  const { run } = await killInTheMiddle(folder)
  const h = await Harness.open({ folder })
  try {
    const before = await h.state("c1")
    expect(saidIn(before, run)).toEqual(["one two", "three "])
    await h.worker({ agent: slowCounter(async () => {}) })
    const state = await h.ended("c1", run)
    expect(runOf(state, run)).toMatchObject({ status: "completed", attempt: 2 })
    expect(saidIn(state, run)).toEqual(["one two", "three four"])
    const rewinds = (await h.events("c1")).filter((event) => event.type === "rewind")
    expect(rewinds).toMatchObject([{ messages: [`${run}.1`] }])
  } finally {
    await h.close()
  }
})

async function killInTheMiddle(folder: string): Promise<{ run: string }> {
  const started = spawn(process.execPath, [...sources, script, folder], { stdio: ["ignore", "pipe", "inherit"] })
  child = started
  const exited = once(started, "exit")
  const [line] = await Promise.race([
    once(started.stdout, "data"),
    exited.then(() => Promise.reject(new Error("it ended"))),
  ])
  started.kill("SIGKILL")
  await exited
  return { run: String(line).trim() }
}
