/** Replays of one connection, one step at a time. */

import { settled } from "../../../../test/support/manual-clock.ts"
import { Turns } from "../../src/connection/turns.ts"

const now = { ready: () => undefined }

describe("turns", () => {
  test("[DLV3] one works at a time, in the order of asking", async () => {
    const turns = new Turns(now)
    const events: string[] = []
    const work = (name: string) => async () => {
      events.push(`${name} begins`)
      await settled()
      events.push(`${name} ends`)
      return name
    }
    const results = await Promise.all(["a", "b", "c"].map((name) => turns.take(work(name))))
    expect(results).toEqual(["a", "b", "c"])
    expect(events).toEqual(["a", "b", "c"].flatMap((name) => [`${name} begins`, `${name} ends`]))
  })

  test("[DLV3] each waits until the connection can take more", async () => {
    const waiting: (() => void)[] = []
    const turns = new Turns({ ready: () => new Promise<void>((resolve) => waiting.push(resolve)) })
    let done = 0
    const takes = [1, 2, 3].map(() => turns.take(async () => done++))
    for (let turn = 0; turn < 3; turn++) {
      await settled()
      expect([done, waiting.length]).toEqual([turn, 1])
      waiting.pop()?.()
    }
    await Promise.all(takes)
    expect(done).toBe(3)
  })

  test("[CON6] one that fails does not stop those after it", async () => {
    const turns = new Turns(now)
    const failing = turns.take(() => Promise.reject(new Error("The store is away.")))
    const next = turns.take(async () => "next")
    await expect(failing).rejects.toThrow("The store is away.")
    expect(await next).toBe("next")
  })
})
