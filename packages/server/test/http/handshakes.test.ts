/** Those who come are let in a few at a time, in their order. */
import { Handshakes } from "../../src/http/handshakes.ts"

/** Turns of the event loop end when the test says so. */
function scene() {
  const ends: (() => void)[] = []
  const handshakes = new Handshakes({ endOfTick: (run) => void ends.push(run) })
  const done: number[] = []
  const come = (count: number) => {
    for (let each = 0; each < count; each++) {
      const number = done.length + handshakes.waiting
      handshakes.add(() => void done.push(number))
    }
  }
  const endTurn = () => {
    for (const run of ends.splice(0)) run()
  }
  return { handshakes, done, come, endTurn, ends }
}

const perTurn = 16
const upTo = (count: number) => Array.from({ length: count }, (_, number) => number)

describe("handshakes", () => {
  test("[CON6] a few are done at once", () => {
    const { done, come } = scene()
    come(3)
    expect(done).toEqual(upTo(3))
  })

  test("[CON6] of many that come in one turn, each turn does as many as leave the others theirs", () => {
    const { handshakes, done, come, endTurn, ends } = scene()
    come(40)
    expect(done).toEqual(upTo(perTurn))
    endTurn()
    expect(done).toEqual(upTo(2 * perTurn))
    // Whoever comes now waits behind those who came before.
    come(2)
    expect(handshakes.waiting).toBe(10)
    endTurn()
    expect(done).toEqual(upTo(42))
    endTurn()
    expect(ends).toEqual([])
  })

  test("[CON6] turns apart, nobody waits", () => {
    const { handshakes, come, endTurn } = scene()
    for (let turn = 0; turn < 5; turn++) {
      come(perTurn)
      endTurn()
    }
    expect(handshakes.waiting).toBe(0)
  })
})
