/** Some nodes on one Redis, and a crowd that follows conversations on them. */
import { type Child, Children } from "../delivery/child.ts"
import { startServer } from "../redis/server.ts"
import type { Used as NodeUsed, ToNode } from "../resume/node-process.ts"
import type { Gathering, Talk, Talked } from "./crowd-messages.ts"

export interface Town {
  readonly ports: readonly number[]
  make(prefix: string, count: number): Promise<void>
  fill(conversation: string, events: number): Promise<void>
  gather(gathering: Omit<Gathering, "ask">): Promise<void>
  /** @returns what one delivery took, in microseconds. */
  talk(messages: number, perSecond: number): Promise<Cost>
}

export interface Cost {
  /** Of all nodes together. */
  readonly nodeUs: number
  readonly redisUs: number
  /** Shares of one core, each node's. What is near 1 was saturated. */
  readonly nodeBusy: number
  readonly crowdBusy: number
}

type Used = Pick<Cost, "nodeUs" | "redisUs">

const secondUs = 1_000_000

export async function withTown<Result>(nodeCount: number, use: (town: Town) => Promise<Result>): Promise<Result> {
  const server = await startServer("fsync")
  const children = new Children()
  try {
    const nodes: { readonly child: Child; readonly greeting: number }[] = []
    for (let index = 0; index < nodeCount; index++)
      nodes.push(await children.start<number>("resume/our-node.js", [server.url]))
    const { child: crowd } = await children.start<string>("growth/crowd.js", [])
    const ask = <Answer>(asked: ToNode) => Promise.all(nodes.map(({ child }) => child.ask<Answer>(asked)))
    const askFirst = async (asked: ToNode) => void (await nodes[0]?.child.ask(asked))
    const used = async (): Promise<Used> => ({
      nodeUs: (await ask<NodeUsed>({ ask: "used" })).reduce((sum, { cpuUs }) => sum + cpuUs, 0),
      redisUs: (await server.control.counts()).cpuUs,
    })
    return await use({
      ports: nodes.map(({ greeting }) => greeting),
      make: (prefix, count) => askFirst({ ask: "make", prefix, count }),
      fill: (conversation, events) => askFirst({ ask: "fill", conversation, events }),
      gather: async (gathering) => void (await crowd.ask({ ask: "gather", ...gathering } satisfies Gathering)),
      async talk(messages, perSecond) {
        const before = await used()
        const { deliveries, seconds, busy } = await crowd.ask<Talked>({
          ask: "talk",
          messages,
          perSecond,
        } satisfies Talk)
        const after = await used()
        const grown = (side: keyof Used) => after[side] - before[side]
        return {
          nodeUs: grown("nodeUs") / deliveries,
          redisUs: grown("redisUs") / deliveries,
          nodeBusy: grown("nodeUs") / seconds / secondUs / nodeCount,
          crowdBusy: busy,
        }
      },
    })
  } finally {
    await children.stop()
    await server.stop()
  }
}
