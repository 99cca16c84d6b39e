/** Random interleavings of everything that can go wrong between a device and a store, against a plain model. */
import fc from "fast-check"
import { ManualClock, settled } from "../../../test/support/manual-clock.ts"
import { seededRandom } from "../../../test/support/seeded-random.ts"
import { type Conversation, createClient } from "../src/index.ts"
import { ModelServer } from "./support/model-server.ts"

type Step =
  | { readonly do: "send" | "write" | "serve" | "deliver" | "cut" | "lose" | "trim" | "advance" }
  | { readonly do: "repeat" | "rollBack" | "outgrow"; readonly by: number }

const step = (names: readonly Step["do"][]): fc.Arbitrary<Step> =>
  fc.record({ do: fc.constantFrom(...names), by: fc.nat(4) }) as fc.Arbitrary<Step>

const faults: readonly Step["do"][] = [
  "send",
  "write",
  "serve",
  "serve",
  "serve",
  "deliver",
  "deliver",
  "deliver",
  "deliver",
  "cut",
  "lose",
  "repeat",
  "advance",
]

interface World {
  readonly server: ModelServer
  readonly clock: ManualClock
  readonly conversation: Conversation
  /** Texts this device has sent, in order. */
  readonly sent: string[]
  /** What a listener was shown that was not every one of them once. */
  readonly torn: string[][]
}

function newWorld(): World {
  const server = new ModelServer()
  server.write("first")
  const clock = new ManualClock()
  const client = createClient({
    url: "ws://model/v1",
    user: "ada",
    device: "laptop",
    clock,
    random: seededRandom(7),
    socket: server.factory,
  })
  const conversation = client.conversation(server.conversation)
  const sent: string[] = []
  const torn: string[][] = []
  conversation.subscribe(() => {
    const texts = shown(conversation)
    if ([...texts].sort().join() !== [...sent].sort().join()) torn.push(texts)
  })
  return { server, clock, conversation, sent, torn }
}

async function take({ server, clock, conversation, sent }: World, step: Step): Promise<void> {
  switch (step.do) {
    case "send":
      sent.push(`mine ${sent.length}`)
      conversation.send(sent.at(-1) as string).catch(() => {})
      break
    case "write":
      server.write("theirs")
      break
    case "advance":
      await clock.advance(2_000)
      break
    case "repeat":
      server.repeat(step.by)
      break
    case "rollBack":
      server.rollBack(step.by)
      break
    case "outgrow":
      // The new history comes so far without this device that it cannot tell any more where the old one ended.
      server.rollBack(step.by)
      for (let i = 0; i <= step.by; i++) server.write("theirs")
      server.trim()
      break
    default:
      server[step.do]()
  }
  await settled()
}

/** Lets everything arrive, and time pass, until nothing moves any more. */
async function heal({ server, clock, conversation }: World): Promise<void> {
  // What was lost last shows only when something follows it.
  server.write("the last word")
  for (let round = 0; round < 200; round++) {
    while (server.busy) {
      server.serve()
      server.deliver()
      await settled()
    }
    const { status, pending, cursor } = conversation.snapshot()
    if (status === "live" && pending.length === 0 && cursor === server.head) return
    await clock.advance(5_000)
  }
}

/** What this device wrote, as it is shown: in the log or still on its way. */
function shown(conversation: Conversation): string[] {
  const { messages, pending } = conversation.snapshot()
  const own = messages.filter((message) => message.by?.user === "ada").map(({ text }) => text)
  return [...own, ...pending.map(({ text }) => text)]
}

describe("a device among faults", () => {
  test("[FRM1] [SUB2] [ACK3] any interleaving of drops, repeats and losses ends in the log's own state, each message once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step(faults), { minLength: 5, maxLength: 60, size: "max" }), async (steps) => {
        const world = newWorld()
        await heal(world)
        for (const each of steps) {
          await take(world, each)
          // Shown once at every moment: never twice, never gone in between.
          expect(shown(world.conversation)).toEqual(world.sent)
        }
        await heal(world)
        expect(world.torn).toEqual([])
        expect(world.conversation.snapshot().state).toEqual(world.server.state)
        expect(world.conversation.snapshot().cursor).toBe(world.server.head)
        const stored = world.server.state.messages.filter((message) => message.by?.user === "ada")
        expect(stored.map(({ text }) => text)).toEqual(world.sent)
      }),
      { numRuns: 400 },
    )
  })

  test("[LIN1] [LIN2] whatever the store forgets, the device brings back what it had sent, once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step([...faults, "rollBack", "outgrow", "trim"]), { minLength: 5, maxLength: 60, size: "max" }),
        async (steps) => {
          const world = newWorld()
          await heal(world)
          for (const each of steps) {
            await take(world, each)
            const texts = shown(world.conversation)
            expect([...texts].sort()).toEqual([...world.sent].sort())
          }
          await heal(world)
          expect(world.conversation.snapshot().state).toEqual(world.server.state)
          const stored = world.server.state.messages.filter((message) => message.by?.user === "ada")
          expect(stored.map(({ text }) => text).sort()).toEqual([...world.sent].sort())
        },
      ),
      { numRuns: 400 },
    )
  })
})
