/** The serving side of a contestant: one process that says, to whoever measures, what it has used. */
import { startChild } from "../delivery/child.ts"
import type { FromNode, ToNode } from "../delivery/node-messages.ts"
import type { Bursts } from "./source.ts"

export interface NodeSide {
  readonly port: number
  readonly pid: number
  /** Since it began, user and system, in microseconds. */
  cpuUs(): Promise<number>
  emit(bursts: Bursts): Promise<void>
  stop(): Promise<void>
}

export interface Footprint {
  /** Of the whole process. */
  readonly residentBytes: number
  /** What JavaScript holds, its buffers included. */
  readonly heldBytes: number
}

/** A Node process, which can also say how much it holds once nothing is left to collect. */
export interface JsSide extends NodeSide {
  footprint(): Promise<Footprint>
}

export async function startJsSide(file: string, args: readonly string[]): Promise<JsSide> {
  const { child, greeting } = await startChild<FromNode>(file, args)
  if (greeting.is !== "ready") throw new Error(`${file} did not start`)
  const ask = (question: ToNode) => child.ask<FromNode>(question)
  return {
    port: greeting.port,
    pid: greeting.pid,
    async cpuUs() {
      const answer = await ask({ ask: "cpu" })
      return answer.is === "cpu" ? answer.us : Number.NaN
    },
    async footprint() {
      const answer = await ask({ ask: "footprint" })
      if (answer.is !== "footprint") throw new Error(`${file} does not say what it holds`)
      return answer.footprint
    },
    emit: async (bursts) => void (await ask({ ask: "emit", bursts })),
    stop: () => child.stop(),
  }
}
