/** What is on stage, and what whoever makes the faults may do and wait for. */
import { setTimeout as pause } from "node:timers/promises"
import type { FaultNode } from "@everthread/stage"
import { until } from "@everthread/stage"
import type { Crowd } from "./crowd.ts"
import type { NodePlace } from "./node-place.ts"

/** Servers and nodes that outlive a case. */
export interface Stage {
  /** Where the store is now. */
  readonly redis: string
  readonly nodes: readonly FaultNode[]
}

/** What a nemesis may use. */
export interface Scene {
  readonly crowd: Crowd
  /** Uniform in [0, 1), by the seed. */
  fraction(): number
  /** So long everything goes on as it is: for how long a fault lasts, never to be right. */
  pause(ms: number): Promise<void>
  /** Resolves when so many more messages were acknowledged. */
  goesOn(messages?: number): Promise<void>
  /** Waits for a run that has begun to speak. @returns the node that it runs on. */
  speaking(): Promise<FaultNode>
  /** Waits until a run that was this node's is another one's. */
  takenOver(node: FaultNode): Promise<void>
  /** From now on only the first device finds a node. @returns lets the others come again. */
  holdBack(): () => void
  /** The first device writes until it has come further in every conversation than any other has ever been. */
  overtaken(): Promise<void>
  /** Waits until every conversation's writes have been refused with `read_only` since now. */
  refused(): Promise<void>
}

/** Long: a store may be read-only for five seconds at a time, and a backoff is up to ten. */
export const restMsMax = 35_000
const goesOnMessages = 10

export function sceneOf({ nodes }: Stage, crowd: Crowd, place: NodePlace, fraction: () => number): Scene {
  return {
    crowd,
    fraction,
    pause: (ms) => pause(ms),
    async goesOn(messages = goesOnMessages) {
      const enough = crowd.acknowledged + messages
      await until("messages to be acknowledged", async () => crowd.acknowledged >= enough, restMsMax)
    },
    speaking() {
      return until("a run to speak", async () => {
        const runs = crowd.watched.flatMap(({ speaking }) => speaking)
        return nodes.find(({ name, isUp }) => isUp && runs.includes(name))
      })
    },
    async takenOver({ name }) {
      const before = crowd.takeovers(name)
      await until(`a run of ${name} to be taken over`, async () => crowd.takeovers(name) > before)
    },
    holdBack() {
      const [, ...others] = crowd.names
      place.heldBack = new Set(others)
      return () => {
        place.heldBack = new Set()
        // As a device does that is told by its system that there is a network again.
        for (const { client } of crowd.devices) client.wake()
      }
    },
    async overtaken() {
      const [first, ...others] = crowd.devices
      const isAhead = (conversation: string) =>
        others.every((other) => Number(first?.seqIn(conversation)) > other.seqIn(conversation))
      await until("one device to be ahead of the others", async () => {
        const behind = crowd.conversations.filter((conversation) => !isAhead(conversation))
        crowd.hurry(behind)
        return behind.length === 0
      })
    },
    async refused() {
      const before = crowd.devices.map(({ tap }) => tap.refusals)
      const isRefused = () => crowd.devices.every(({ tap }, index) => tap.refusals > (before[index] ?? 0))
      await until("writes to be refused", async () => isRefused())
    },
  }
}
