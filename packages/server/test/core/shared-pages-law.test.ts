/**
 * The law of what devices share: whoever comes back when, to whatever the store has become meanwhile, ends where the log
 * does, and gets nothing that is not theirs any more.
 */
import type { Cursor, EventBody } from "@everthread/protocol"
import { seqOf, startCursor } from "@everthread/protocol"
import * as fc from "fast-check"
import { ManualClock, settled } from "../../../../test/support/manual-clock.ts"
import type { LogFrame } from "../../src/core/log-frame.ts"
import { by, message, removed, time } from "../support/bodies.ts"
import { FakeLog } from "../support/fake-log.ts"
import { RecordingSink } from "../support/recording-sink.ts"
import { bench, type Subscribed } from "../support/subscription-under-test.ts"

const users = ["ada", "bob", "eve"] as const
type User = (typeof users)[number]

type Act =
  | { readonly act: "write"; readonly count: number; readonly isTold: boolean }
  | { readonly act: "goBack"; readonly by: number }
  | { readonly act: "redactAndTrim" }
  | { readonly act: "remove"; readonly user: User }
  | { readonly act: "wait"; readonly ms: number }
  | {
      readonly act: "comeBack"
      readonly user: User
      readonly place: number
      readonly stateful: boolean
      /** After so many turns of the promise queue something else happens; `undefined`: when all has settled. */
      readonly turns: number | undefined
    }

const acts: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant("write" as const),
      count: fc.integer({ min: 1, max: 20 }),
      isTold: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("goBack" as const), by: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("redactAndTrim" as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("remove" as const), user: fc.constantFrom(...users) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("wait" as const), ms: fc.constantFrom(100, 5_000, 40_000) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      act: fc.constant("comeBack" as const),
      user: fc.constantFrom(...users),
      place: fc.double({ min: 0, max: 1, noNaN: true }),
      stateful: fc.boolean(),
      turns: fc.option(fc.nat({ max: 60 }), { nil: undefined }),
    }),
  },
)

const comesBack = (user: User): Act => ({ act: "comeBack", user, place: 0, stateful: false, turns: undefined })
/** What one device had read was given to the next one, which found it to be of no history, and began with it again. */
const wentInCircles: Act[] = [
  { act: "remove", user: "bob" },
  comesBack("ada"),
  { act: "goBack", by: 2 },
  comesBack("bob"),
]

/** More steps than any of these worlds takes, unless somebody is sent round in circles. */
const stepsMax = 5_000

class World {
  readonly log = new FakeLog()
  readonly clock = new ManualClock()
  readonly came: (Subscribed & { readonly user: User })[] = []
  readonly faults: string[] = []
  readonly #bench = bench({ log: this.log, clock: this.clock, role: (user) => this.#roleOf(user), ringCharsMax: 3_000 })
  /** Every cursor that a device may hold, of whatever history. */
  readonly #cursors: Cursor[] = [startCursor]
  readonly #wereRemoved = new Set<User>()
  #lineages = 0
  #made = 0
  #trimmedThrough = 0
  #steps = 0

  constructor() {
    this.#store(users.map((user): EventBody => ({ type: "member.added", time, by, user, role: "member" })))
    this.log.tellAll()
    this.log.step = () => {
      if (++this.#steps > stepsMax) throw new Error("Somebody reads without an end.")
    }
  }

  get isEndless(): boolean {
    return this.#steps > stepsMax
  }

  async play(act: Act): Promise<void> {
    switch (act.act) {
      case "write":
        this.#store(Array.from({ length: act.count }, () => message(`${++this.#made}`)))
        if (act.isTold) this.log.tellAll()
        else this.log.untold.length = 0
        break
      case "goBack":
        this.log.rollBackTo(Math.max(this.#trimmedThrough + 1, 3, this.#head - act.by), `lineage${++this.#lineages}`)
        break
      case "redactAndTrim":
        this.#store([{ type: "redaction", time, by, message: `m-${this.#made}` }])
        this.log.tellAll()
        this.#trimmedThrough = this.#head - 1
        this.log.trim(this.#trimmedThrough, this.#trimmedThrough)
        break
      case "remove":
        this.#store([removed(act.user), message(`${++this.#made}`)])
        this.log.tellAll()
        this.#wereRemoved.add(act.user)
        break
      case "wait":
        await this.clock.advance(act.ms)
        break
      case "comeBack":
        this.#comeBack(act)
        if (act.turns === undefined) break
        for (let turn = 0; turn < act.turns; turn++) await Promise.resolve()
        return
    }
    await settled()
  }

  /** Whatever was lost comes to light with the next append. */
  async end(): Promise<void> {
    this.#store([message("last")])
    this.log.tellAll()
    for (let pause = 0; pause < 5; pause++) await this.clock.advance(2_000)
  }

  isMember(user: User): boolean {
    return this.#roleOf(user) !== undefined
  }

  /** A removal that the store has lost may have been seen. */
  mayHaveBeenNone(user: User): boolean {
    return this.#wereRemoved.has(user)
  }

  get #head(): number {
    return this.log.entries.at(-1)?.seq ?? 0
  }

  #roleOf(user: string) {
    return this.log.stateAt(this.#head).members[user]
  }

  #store(bodies: readonly EventBody[]): void {
    this.#cursors.push(...this.log.store(...bodies).entries.map(({ cursor }) => cursor))
  }

  #comeBack({ user, place, stateful }: Extract<Act, { act: "comeBack" }>): void {
    const cursor = this.#cursors[Math.floor(place * (this.#cursors.length - 1))] ?? startCursor
    // Of another history than the log's it is worth nothing: it is replaced before anything is put on top of it.
    const sink = new RecordingSink(cursor, this.log.stateAt(seqOf(cursor)))
    sink.take = (what) => {
      if (typeof what !== "string") this.#look(user, what)
    }
    this.came.push({ ...this.#bench.subscribe(cursor, { user, stateful, sink }), user })
  }

  #look(user: User, { entries, cursor }: LogFrame): void {
    const at = entries.findIndex(({ event }) => event.type === "member.removed" && event.user === user)
    if (at >= 0 && at < entries.length - 1) this.faults.push(`${user} got what follows their removal, up to ${cursor}`)
  }
}

test("[SUB2] [LIN1] [CON5] [FRM2] devices that share what they read end where the log does, and a removal ends what they get", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { minLength: 3, maxLength: 25 }), async (plan) => {
      const world = new World()
      for (const act of plan) await world.play(act)
      await world.end()
      expect(world.isEndless).toBe(false)
      expect(world.faults).toEqual([])
      for (const { user, sink } of world.came) {
        expect(sink.faults).toEqual([])
        if (world.mayHaveBeenNone(user) && sink.error) expect(sink.error.code).toBe("not_member")
        else expect([user, sink.error, sink.cursor]).toEqual([user, undefined, world.log.headNow])
        if (!world.isMember(user)) expect(sink.error?.code).toBe("not_member")
      }
    }),
    { numRuns: 150, examples: [[wentInCircles]] },
  )
})
