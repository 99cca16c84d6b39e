/** The graph by itself, in a process of its own: its stream is read to the end by somebody who does nothing with it. */
import { HumanMessage } from "@langchain/core/messages"
import type { Talking } from "./talking.ts"

interface Streamed {
  streamEvents(input: object, options: object): Promise<AsyncIterable<unknown>>
}

const talker: string = new URL("../../agents/talker.mjs", import.meta.url).href
const { graph, asked } = (await import(talker)) as {
  graph: Streamed
  asked: (count: number, perSecond: number) => string
}

process.on("message", (talking: Talking) => void measure(talking).then((us) => process.send?.(us)))
process.on("disconnect", () => process.exit(0))
process.send?.("ready")

/** @returns the processor time of all runs together, in microseconds. */
async function measure(talking: Talking): Promise<number> {
  const before = process.cpuUsage()
  await Promise.all(Array.from({ length: talking.runs }, () => run(talking)))
  const { user, system } = process.cpuUsage(before)
  return user + system
}

async function run({ tokens, perSecond }: Talking): Promise<void> {
  const input = { messages: [new HumanMessage(asked(tokens, perSecond))] }
  for await (const _event of await graph.streamEvents(input, { version: "v3" }));
}
