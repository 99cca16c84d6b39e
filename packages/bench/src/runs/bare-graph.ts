/** The graph by itself, in a process of its own: its stream is read to the end by somebody who does nothing with it. */

import { HumanMessage } from "@langchain/core/messages"
import { answerBench } from "../delivery/child-side.ts"
import type { Streamed, Talking } from "./talking.ts"

interface Graph {
  streamEvents(input: object, options: object): Promise<AsyncIterable<unknown>>
}

const talker: string = new URL("../../agents/talker.mjs", import.meta.url).href
const { graph, asked } = (await import(talker)) as {
  graph: Graph
  asked: (count: number, perSecond: number) => string
}

answerBench(measure)

async function measure(talking: Talking): Promise<Streamed> {
  const before = process.cpuUsage()
  const firstWordMs = await Promise.all(Array.from({ length: talking.runs }, () => run(talking)))
  const { user, system } = process.cpuUsage(before)
  return { cpuUs: user + system, firstWordMs }
}

/** @returns how long its first word took, in milliseconds. */
async function run({ tokens, perSecond }: Talking): Promise<number> {
  const askedAt = performance.now()
  let spokeAt: number | undefined
  const input = { messages: [new HumanMessage(asked(tokens, perSecond))] }
  for await (const event of await graph.streamEvents(input, { version: "v3" }))
    if (spokeAt === undefined && isText(event)) spokeAt = performance.now()
  return (spokeAt ?? Number.NaN) - askedAt
}

function isText(event: unknown): boolean {
  const { params } = event as { params: { data?: { event?: string } } }
  return params.data?.event === "content-block-delta"
}
