/** The laws of whose turn it is, for lines and places of all kinds. */
import fc from "fast-check"
import { firstOf, mayHave, nextOf, type Places, passedMax, type Waiting } from "../src/choice.ts"
import { WaitingLine } from "../src/waiting-line.ts"

const waiting = (more: Partial<Waiting>): Waiting => ({
  conversation: `c${more.since ?? 0}`,
  user: "ada",
  since: 0,
  servedAt: 0,
  passed: 0,
  ...more,
})

const placesOf = (free: number, held: Record<string, number> = {}): Places => ({
  free,
  held: new Map(Object.entries(held)),
})

describe("whose turn it is", () => {
  test("[AGT3] the user who holds fewer places comes first, however long the other has waited", () => {
    const line = [waiting({ since: 1, user: "ada" }), waiting({ since: 2, user: "bob" })]
    expect(nextOf(line, placesOf(3, { ada: 1 }))?.user).toBe("bob")
    expect(nextOf(line, placesOf(3, { ada: 1, bob: 2 }))?.user).toBe("ada")
  })

  test("[AGT3] the last free place is never a user's second", () => {
    const line = [waiting({ since: 1, user: "ada" })]
    expect(nextOf(line, placesOf(2, { ada: 5 }))).toBeDefined()
    expect(nextOf(line, placesOf(1, { ada: 1 }))).toBeUndefined()
    expect(nextOf(line, placesOf(1))).toBeDefined()
    expect(nextOf(line, placesOf(0))).toBeUndefined()
  })

  test("[AGT3] of one user's conversations the one that was served least recently comes first, then who came first", () => {
    const line = [waiting({ since: 1, servedAt: 9 }), waiting({ since: 3 }), waiting({ since: 2 })]
    expect(firstOf(line, placesOf(0), 3).map(({ since }) => since)).toEqual([2, 3, 1])
  })

  test("[AGT4] who was passed too often comes before everybody", () => {
    const line = [
      waiting({ since: 1, user: "bob" }),
      waiting({ since: 3, passed: passedMax, servedAt: 8 }),
      waiting({ since: 2, passed: passedMax, servedAt: 9 }),
    ]
    expect(firstOf(line, placesOf(9, { ada: 4 }), 3).map(({ since }) => since)).toEqual([2, 3, 1])
  })
})

/** What happens to a worker: somebody comes with a conversation, or one of the runs under way ends. */
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("comes" as const), user: fc.nat(5), conversation: fc.nat(30) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("ends" as const), which: fc.nat(100) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

interface Chosen {
  readonly chosen: Waiting
  readonly left: readonly Waiting[]
  readonly places: Places
}

/** A worker with so many places, and everything it chose. */
function play(placesMax: number, steps: readonly Step[]) {
  const line = new WaitingLine()
  const asking: { conversation: string; user: string }[] = []
  const active: { conversation: string; user: string }[] = []
  const choices: Chosen[] = []
  for (const step of steps) {
    if (step.kind === "ends") active.splice(step.which % Math.max(active.length, 1), 1)
    else if (!asking.some(({ conversation }) => conversation === `u${step.user}-${step.conversation}`))
      asking.push({ conversation: `u${step.user}-${step.conversation}`, user: `u${step.user}` })
    let left = line.update(
      asking.filter((one) => !active.some(({ conversation }) => conversation === one.conversation)),
    )
    for (;;) {
      const held = new Map<string, number>()
      for (const { user } of active) held.set(user, (held.get(user) ?? 0) + 1)
      const places = { free: placesMax - active.length, held }
      const chosen = nextOf(left, places)
      if (!chosen) break
      left = left.filter((one) => one !== chosen)
      choices.push({ chosen, left, places })
      left = line.chose(chosen, left, places)
      active.push({ conversation: chosen.conversation, user: chosen.user })
      asking.splice(
        asking.findIndex(({ conversation }) => conversation === chosen.conversation),
        1,
      )
    }
  }
  return choices
}

const histories = [fc.integer({ min: 1, max: 6 }), fc.array(step, { maxLength: 400 })] as const

test("[AGT4] nobody is passed more often than the bound by those who came later and whose place it could have had", () => {
  fc.assert(
    fc.property(...histories, (placesMax, steps) => {
      const passed = new Map<number, number>()
      for (const { chosen, left, places } of play(placesMax, steps)) {
        for (const one of left) {
          if (one.since > chosen.since || !mayHave(one, places)) continue
          passed.set(one.since, (passed.get(one.since) ?? 0) + 1)
        }
      }
      expect(Math.max(0, ...passed.values())).toBeLessThanOrEqual(passedMax)
    }),
  )
})

test("[AGT4] against an endless stream of others, whoever waits is served", () => {
  const line = new WaitingLine()
  let left = line.update([{ conversation: "mine", user: "ada" }])
  const places = placesOf(2, { ada: 1 })
  for (let turn = 0; turn <= passedMax; turn++) {
    left = line.update([
      { conversation: "mine", user: "ada" },
      { conversation: `new${turn}`, user: `u${turn}` },
    ])
    const chosen = nextOf(left, places)
    if (chosen?.conversation === "mine") return
    if (chosen)
      line.chose(
        chosen,
        left.filter((one) => one !== chosen),
        places,
      )
  }
  expect.unreachable("it was passed by everybody")
})

test("[AGT3] a place is given whenever one is free that somebody may have, and never one that is not there", () => {
  fc.assert(
    fc.property(...histories, (placesMax, steps) => {
      for (const { places, chosen } of play(placesMax, steps)) {
        expect(places.free).toBeGreaterThan(0)
        if (placesMax > 1) expect((places.held.get(chosen.user) ?? 0) + 1).toBeLessThan(placesMax)
      }
    }),
  )
})
