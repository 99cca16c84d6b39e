/** The simple protocol's sessions. */
import { describe, expect, test } from "vitest"
import { receivedTtlMs } from "../sessions.ts"
import { engineForEachTest, freshId, type OpenEngine } from "./under-test.ts"

const ttlMs = 60_000
const begin = 1_700_000_000_000

export function sessionsContract(open: OpenEngine): void {
  describe("sessions", () => {
    const current = engineForEachTest(open)

    test("[SIM2] a device that comes back in time gets its session; a new one gets the fresh id", async () => {
      const { engine } = current()
      const user = freshId("user")
      const first = await engine.sessions.open(user, "phone", "s1", begin, ttlMs)
      expect(first).toEqual({ sessionId: "s1", recovered: false, received: new Map(), lastActive: 0 })
      const second = await engine.sessions.open(user, "phone", "s2", begin + ttlMs - 1, ttlMs)
      expect(second).toEqual({ sessionId: "s1", recovered: true, received: new Map(), lastActive: begin })
      expect(await engine.sessions.open(user, "laptop", "s3", begin, ttlMs)).toMatchObject({
        sessionId: "s3",
        recovered: false,
      })
    })

    test("[SIM2] a session that was not touched for its time to live is gone", async () => {
      const { engine } = current()
      const user = freshId("user")
      await engine.sessions.open(user, "phone", "s1", begin, ttlMs)
      const late = await engine.sessions.open(user, "phone", "s2", begin + ttlMs + 1, ttlMs)
      expect(late).toEqual({ sessionId: "s2", recovered: false, received: new Map(), lastActive: begin })
    })

    test("[SIM3] what a device has received outlives its session, whoever else comes and goes meanwhile", async () => {
      const { engine } = current()
      const user = freshId("user")
      const received = new Map([["c1", "3-abc"]])
      await engine.sessions.open(user, "phone", "s1", begin, ttlMs)
      await engine.sessions.touch(user, "phone", begin, ttlMs, received)
      const later = begin + receivedTtlMs - 1
      for (let other = 0; other < 20; other++) await engine.sessions.open(user, `other-${other}`, "o", later, ttlMs)
      const back = await engine.sessions.open(user, "phone", "s2", later, ttlMs)
      expect(back).toEqual({ sessionId: "s2", recovered: false, received, lastActive: begin })
    })

    test("[SIM3] touching keeps a session alive and remembers what the device has received", async () => {
      const { engine } = current()
      const user = freshId("user")
      await engine.sessions.open(user, "phone", "s1", begin, ttlMs)
      await engine.sessions.touch(user, "phone", begin + ttlMs - 1, ttlMs, new Map([["c1", "3-abc"]]))
      await engine.sessions.touch(user, "phone", begin + ttlMs, ttlMs, new Map([["c2", "1-def"]]))
      await engine.sessions.touch(user, "phone", begin + ttlMs, ttlMs, new Map([["c1", "4-ghi"]]))
      expect(await engine.sessions.open(user, "phone", "s2", begin + 2 * ttlMs - 1, ttlMs)).toEqual({
        sessionId: "s1",
        recovered: true,
        received: new Map([
          ["c1", "4-ghi"],
          ["c2", "1-def"],
        ]),
        lastActive: begin + ttlMs,
      })
    })

    test("[SIM3] of many touches at once the last one about a conversation counts", async () => {
      const { engine } = current()
      const user = freshId("user")
      await engine.sessions.open(user, "phone", "s1", begin, ttlMs)
      const touch = (seq: number) =>
        engine.sessions.touch(user, "phone", begin + seq, ttlMs, new Map([[`c${seq % 3}`, `${seq}-abc`]]))
      await Promise.all(Array.from({ length: 30 }, (_, seq) => touch(seq)))
      expect(await engine.sessions.open(user, "phone", "s2", begin + 30, ttlMs)).toMatchObject({
        received: new Map([
          ["c0", "27-abc"],
          ["c1", "28-abc"],
          ["c2", "29-abc"],
        ]),
        lastActive: begin + 29,
      })
    })

    test("[SIM2] touching a session that was never opened makes none", async () => {
      const { engine } = current()
      const user = freshId("user")
      await engine.sessions.touch(user, "phone", begin, ttlMs, new Map())
      expect(await engine.sessions.open(user, "phone", "s1", begin, ttlMs)).toMatchObject({ recovered: false })
    })

    test("[SIM2] a session is there after the engine was closed and opened again", async (context) => {
      const { engine, reopen } = current()
      if (!reopen) return context.skip()
      const user = freshId("user")
      await engine.sessions.open(user, "phone", "s1", begin, ttlMs)
      await engine.sessions.touch(user, "phone", begin + 1, ttlMs, new Map([["c1", "3-abc"]]))
      const again = await reopen()
      const session = await again.sessions.open(user, "phone", "s2", begin + 2, ttlMs)
      expect(session).toMatchObject({ sessionId: "s1", recovered: true, received: new Map([["c1", "3-abc"]]) })
    })
  })
}
