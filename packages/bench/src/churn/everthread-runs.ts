/** Two devices of one conversation in which Everthread's agent answers, on two nodes over one Redis. */

import { fileURLToPath } from "node:url"
import { Device } from "@everthread/chaos"
import { isOpen, textOf } from "@everthread/protocol"
import type { WatchedConversation } from "@everthread/sim"
import { until } from "@everthread/stage"
import type { ChurnNode, Person } from "./contestant.ts"
import { openNodes } from "./everthread-nodes.ts"
import { type RunContestant, type RunDevice, type RunStage, wordsOf } from "./run-stage.ts"
import type { Way } from "./way.ts"

const agent = "counter"
const graph = fileURLToPath(new URL("../../nodes/counting-graph.mjs", import.meta.url))
const askers: readonly [Person, Person] = [
  { user: "ada", device: "phone" },
  { user: "ada", device: "laptop" },
]

export const everthreadRuns: RunContestant = {
  name: "Everthread",
  about: "native protocol, its own client, two nodes of `everthread serve` over one Redis, lease 1 s",
  open: openEverthreadRuns,
}

export async function openEverthreadRuns(): Promise<RunStage> {
  const { nodes, stop } = await openNodes({ [agent]: graph })
  return {
    nodes,
    stop,
    async begin(thread, ways) {
      const first = new Device(askers[0].user, askers[0].device, placeOf(ways[0]))
      const second = new Device(askers[1].user, askers[1].device, placeOf(ways[1]))
      await first.client.create({ conversation: thread, members: [askers[0].user] })
      const followed = [first.follow(thread), second.follow(thread)] as const
      await until("both devices to be live", async () => followed.every(({ awaits }) => awaits === undefined))
      return {
        devices: [deviceOf(followed[0]), deviceOf(followed[1])],
        ask: async () => followed[0].write(`${thread} count`, { agent }),
        get speaking(): ChurnNode | undefined {
          const [name] = followed[1].speaking
          return nodes.find((node) => node.name === name)
        },
        takesAnother: () => takesAnother(followed[0], thread),
        close() {
          first.close()
          second.close()
        },
      }
    },
  }
}

const placeOf = (way: Way) => ({ anyNode: () => `ws://127.0.0.1:${way.port}` })

function deviceOf({ conversation }: WatchedConversation): RunDevice {
  const words = () => {
    const spoken = conversation.snapshot().messages.filter(({ role }) => role === "assistant")
    return wordsOf(spoken.map(textOf))
  }
  return {
    get words() {
      return words()
    },
    get isOver() {
      const { runs } = conversation.snapshot().state
      return runs.length > 0 && !runs.some(isOpen)
    },
    // It shows the log, and there is nothing else to load.
    reloaded: async () => words(),
  }
}

async function takesAnother(watched: WatchedConversation, thread: string): Promise<boolean> {
  const before = watched.acknowledged
  watched.write(`${thread} count again`, { agent })
  return until("an answer to the second question", async () => watched.acknowledged > before).catch(() => false)
}
