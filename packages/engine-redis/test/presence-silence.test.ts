/** Whose counter stands still: judged by what was heard, never by what was missed. */
import * as fc from "fast-check"
import { Silence } from "../src/presence/silence.ts"

const goneAfterMs = 5_000
const creditMsMax = 2_000
const at = (count: number) => new Map([["one", String(count)]])

describe("a counter that stands still", () => {
  test("is silent when it was heard to be for long enough", () => {
    const silence = new Silence(goneAfterMs, creditMsMax)
    expect(silence.look(at(1), 0)).toEqual([])
    for (const nowMs of [1_000, 2_000, 3_000, 4_000]) expect(silence.look(at(1), nowMs)).toEqual([])
    expect(silence.look(at(1), 5_000)).toEqual(["one"])
    expect(silence.look(at(2), 6_000)).toEqual([])
  })

  test("is not silent because nobody listened", () => {
    const silence = new Silence(goneAfterMs, creditMsMax)
    silence.look(at(1), 0)
    expect(silence.look(at(1), 3_600_000)).toEqual([])
  })

  test("whoever counts up between any two looks is never silent, and whoever does not is in the end", () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(gaps, (gapsMs) => {
        const silence = new Silence(goneAfterMs, creditMsMax)
        let nowMs = 0
        let heardMs = 0
        for (const [index, gapMs] of gapsMs.entries()) {
          nowMs += gapMs
          if (index > 0) heardMs += Math.min(gapMs, creditMsMax)
          const counts = new Map([
            ["alive", String(index)],
            ["dead", "7"],
          ])
          expect(silence.look(counts, nowMs)).toEqual(heardMs >= goneAfterMs ? ["dead"] : [])
        }
      }),
    )
  })
})
