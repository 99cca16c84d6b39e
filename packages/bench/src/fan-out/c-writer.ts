/** The writer in C, compiled where it is needed. Where there is no compiler there is a reason in words instead. */
import { execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { NodeSide } from "./node-side.ts"
import type { Bursts } from "./source.ts"

/** The same from the sources and from what they are built to. */
const source = fileURLToPath(new URL("../../src/fan-out/writer.c", import.meta.url))

/** What one event is on the wire here: as much as ours is where 16 share a frame, so that both write as many bytes. */
export const rawFrameBytes = 290

export async function compileWriter(folder: string, compiler = "cc"): Promise<{ file: string } | { missing: string }> {
  const file = join(folder, "writer")
  try {
    await promisify(execFile)(compiler, ["-O2", "-o", file, source])
    return { file }
  } catch (error) {
    const why = error instanceof Error && "code" in error && error.code === "ENOENT" ? "there is no C compiler" : error
    return { missing: `The writer in C is left out: ${why}.` }
  }
}

/** @returns the writer, or why there is none. */
export async function startWriter(): Promise<NodeSide | { missing: string }> {
  const folder = mkdtempSync(join(tmpdir(), "everthread-writer-"))
  const compiled = await compileWriter(folder)
  if ("missing" in compiled) return compiled
  const child = spawn(compiled.file, { stdio: ["pipe", "pipe", "inherit"] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => {
    const { done, value } = await lines.next()
    if (done) throw new Error("the writer in C ended")
    return value
  }
  const ask = (line: string) => {
    child.stdin.write(`${line}\n`)
    return next()
  }
  return {
    port: Number(await next()),
    pid: child.pid ?? 0,
    cpuUs: async () => Number(await ask("cpu")),
    emit: async (bursts) => void (await ask(lineOf(bursts))),
    async stop() {
      child.stdin.end()
      if (child.exitCode === null) await once(child, "exit")
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const lineOf = ({ bursts, events, joined, perSecond }: Bursts): string =>
  `burst ${bursts} ${events} ${joined} ${perSecond} ${rawFrameBytes}`
