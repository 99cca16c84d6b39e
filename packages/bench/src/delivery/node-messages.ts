/** What a node's process and the bench say to each other. */

import type { Footprint } from "../fan-out/node-side.ts"
import { type Bursts, emit } from "../fan-out/source.ts"
import { endWithBench } from "./child-side.ts"
import { type Say, type Speech, speak } from "./speech.ts"

export type ToNode =
  | { readonly ask: "cpu" }
  | { readonly ask: "footprint" }
  | { readonly ask: "speak"; readonly speech: Speech }
  | { readonly ask: "emit"; readonly bursts: Bursts }

export type FromNode =
  | { readonly is: "ready"; readonly port: number; readonly pid: number }
  /** Since it began, user and system, in microseconds. */
  | { readonly is: "cpu"; readonly us: number }
  | { readonly is: "footprint"; readonly footprint: Footprint }
  | { readonly is: "spoken" }

/** Answers the bench until it is gone; then the node is, too. */
export function serveBench(port: number, say: Say): void {
  process.on("message", (asked: ToNode) => void answer(asked, say))
  endWithBench()
  tell({ is: "ready", port, pid: process.pid })
}

async function answer(asked: ToNode, say: Say): Promise<void> {
  if (asked.ask === "speak") {
    await speak(asked.speech, asked.speech.isSilent ? async () => undefined : say)
    return tell({ is: "spoken" })
  }
  if (asked.ask === "emit") {
    await emit(asked.bursts, say)
    return tell({ is: "spoken" })
  }
  if (asked.ask === "footprint") return tell({ is: "footprint", footprint: footprint() })
  const { user, system } = process.cpuUsage()
  tell({ is: "cpu", us: user + system })
}

/** After two collections: what the first one finalises is free after the second. */
function footprint(): Footprint {
  for (let collection = 0; collection < 2; collection++) globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { residentBytes: rss, heldBytes: heapUsed + external }
}

function tell(message: FromNode): void {
  process.send?.(message)
}
