/** One node, its store, and a process with devices that come back to it. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Child, Children } from "../delivery/child.ts"
import { type BenchServer, startServer } from "../redis/server.ts"
import type { Came, Coming, Going } from "./coming.ts"
import type { Filled, ToNode, Used } from "./node-process.ts"

export type StoreKind = "embedded" | "Redis"

export interface Stage {
  readonly port: number
  fill(conversation: string, events: number): Promise<Filled>
  /** What the node has used, and Redis where there is one. */
  used(): Promise<Used & { readonly redisUs: number }>
  come(coming: Coming): Promise<Came>
  allGo(): Promise<void>
}

/** @param nodeFile below the bench's folder: what listens, and answers `ToNode`. */
export async function withStage<Result>(
  nodeFile: string,
  kind: StoreKind,
  use: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "everthread-bench-"))
  const children = new Children()
  let server: BenchServer | undefined
  try {
    if (kind === "Redis") server = await startServer("fsync")
    const node = await children.start<number>(nodeFile, [server?.url ?? folder])
    const devices = await children.start<string>("resume/devices.js", [])
    return await use(stageOf(node.greeting, node.child, devices.child, server))
  } finally {
    await children.stop()
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function stageOf(port: number, node: Child, devices: Child, server: BenchServer | undefined): Stage {
  return {
    port,
    fill: (conversation, events) => node.ask<Filled>({ ask: "fill", conversation, events } satisfies ToNode),
    async used() {
      const used = await node.ask<Used>({ ask: "used" } satisfies ToNode)
      return { ...used, redisUs: (await server?.control.counts())?.cpuUs ?? 0 }
    },
    come: (coming) => devices.ask<Came>(coming),
    allGo: async () => void (await devices.ask<string>({ ask: "go" } satisfies Going)),
  }
}
