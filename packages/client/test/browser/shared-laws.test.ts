/** Random interleavings of what can go wrong between a server, its one socket, and the tabs that share it. */
import fc from "fast-check"
import type { Conversation } from "../../src/index.ts"
import { ModelServer } from "../support/model-server.ts"
import { type Tab, TabWorld } from "../support/tabs.ts"

const names = [
  "send",
  "write",
  "serve",
  "serve",
  "deliver",
  "deliver",
  "deliver",
  "cut",
  "lose",
  "repeat",
  "advance",
  "open",
  "end",
  "leave",
] as const
const histories = ["rollBack", "trim"] as const

interface Step {
  readonly do: (typeof names)[number] | (typeof histories)[number]
  readonly by: number
}

const steps = (of: readonly Step["do"][]): fc.Arbitrary<Step[]> =>
  fc.array(fc.record({ do: fc.constantFrom(...of), by: fc.nat(4) }), { minLength: 10, maxLength: 80, size: "max" })

class World {
  readonly server = new ModelServer()
  readonly tabs = new TabWorld(this.server.factory)
  readonly live: Tab[] = []
  /** Texts that a tab has sent which is still there. */
  readonly sent = new Map<Conversation, string[]>()
  #sends = 0

  constructor() {
    this.server.write("first")
    this.open()
  }

  open(): void {
    const tab = this.tabs.open()
    this.live.push(tab)
    this.sent.set(tab.c, [])
  }

  async take({ do: what, by }: Step): Promise<void> {
    const tab = this.live[by % this.live.length]
    if (what === "open" && this.live.length < 4) this.open()
    else if (what === "end" && tab && this.live.length > 1) this.#end(tab)
    else if (what === "leave") tab?.client.drop()
    else if (what === "send" && tab) this.#send(tab)
    else if (what === "advance") await this.tabs.clock.advance(2_000)
    else if (what === "write") this.server.write("theirs")
    else if (what === "repeat") this.server.repeat(by)
    else if (what === "rollBack") this.server.rollBack(by)
    else if (what === "serve" || what === "deliver" || what === "cut" || what === "lose" || what === "trim") {
      this.server[what]()
    }
    await this.tabs.settle()
  }

  /** Lets everything arrive, and time pass, until nothing moves any more. @returns whether that came about. */
  async heal(): Promise<boolean> {
    this.server.write("the last word")
    for (let round = 0; round < 200; round++) {
      while (this.server.busy) {
        this.server.serve()
        this.server.deliver()
        await this.tabs.settle()
      }
      if (this.live.every(({ c }) => this.#isThere(c))) return true
      await this.tabs.clock.advance(5_000)
    }
    return false
  }

  #isThere(c: Conversation): boolean {
    const { status, pending, cursor } = c.snapshot()
    return status === "live" && pending.length === 0 && cursor === this.server.head
  }

  #send({ c }: Tab): void {
    const text = `mine ${this.#sends++}`
    this.sent.get(c)?.push(text)
    c.send(text).catch(() => {})
  }

  #end(tab: Tab): void {
    this.live.splice(this.live.indexOf(tab), 1)
    tab.tab.end()
    this.sent.delete(tab.c)
  }
}

async function check(list: readonly Step[]): Promise<void> {
  const world = new World()
  for (const step of list) await world.take(step)
  expect(await world.heal()).toBe(true)
  const texts = world.server.state.messages.map(({ text }) => text)
  for (const { c } of world.live) {
    expect(c.snapshot().state).toEqual(world.server.state)
    for (const text of world.sent.get(c) ?? []) expect(texts.filter((other) => other === text)).toEqual([text])
  }
  expect(new Set(texts.filter((text) => text.startsWith("mine"))).size).toBe(
    texts.filter((text) => text.startsWith("mine")).length,
  )
}

describe("tabs among faults", () => {
  test("[TAB2] [FRM1] [SUB2] [ACK3] whatever tab ends and whatever is lost, each is in the log's own state in the end", async () => {
    await fc.assert(fc.asyncProperty(steps(names), check), { numRuns: 200 })
  })

  test("[LIN1] [LIN2] whatever the store forgets or trims, too", async () => {
    await fc.assert(fc.asyncProperty(steps([...names, ...histories]), check), { numRuns: 200 })
  })
})
