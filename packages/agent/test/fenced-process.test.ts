import { execFile } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"

const hooks = new URL("./support/ts-hooks.mjs", import.meta.url).href
const sources = ["--conditions=everthread:source", `--import=${hooks}`]
const script = join(import.meta.dirname, "support", "fenced-process.ts")

test("[RUN2] [RUN6] an owner that is fenced in the middle of a superstep leaves no rejected promise behind, and its other runs go on", async () => {
  const folder = await mkdtemp(join(tmpdir(), "everthread-fenced-"))
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...sources, script, folder])
    expect(JSON.parse(stdout)).toEqual({
      unhandled: [],
      status: { lost: "running", kept: "completed" },
      after: ["kept after"],
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
