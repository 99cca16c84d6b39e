/** Snapshots and trimming. */
import { startCursor } from "@everthread/protocol"
import { describe, expect, test } from "vitest"
import {
  append,
  conversationOf,
  engineForEachTest,
  mustBe,
  nameOf,
  type OpenEngine,
  readAll,
  upTo,
} from "./under-test.ts"

export function logCompactContract(open: OpenEngine): void {
  describe("compacting", () => {
    const current = engineForEachTest(open)

    test("[SNP1] a snapshot is kept with its cursor, and replaced only by a newer one", async () => {
      const { engine } = current()
      const { conversation, cursorAt, compact } = await conversationOf(engine, 6)
      expect(await engine.log.snapshot(conversation)).toBeUndefined()
      expect(await compact(4)).toBe(true)
      expect(await engine.log.snapshot(conversation)).toEqual({ cursor: cursorAt(4), state: "state 4" })
      expect(await compact(3)).toBe(false)
      expect(await compact(5)).toBe(true)
      expect(await engine.log.snapshot(conversation)).toEqual({ cursor: cursorAt(5), state: "state 5" })
    })

    test("[LIN1] a snapshot of another history is not taken", async () => {
      const { engine } = current()
      const { conversation, compact } = await conversationOf(engine, 3)
      const refused = { archive: [{ seq: 1, body: "{}" }], trimThrough: 2 }
      expect(await compact(2, { ...refused, snapshot: { cursor: "2-anotherLife", state: "s" } })).toBe(false)
      expect(await compact(2, { ...refused, snapshot: { cursor: "9-fromTheFuture", state: "s" } })).toBe(false)
      expect(await engine.log.snapshot(conversation)).toBeUndefined()
      expect(await engine.log.archived(conversation, 100, 10)).toEqual([])
      expect(await readAll(engine, conversation, startCursor)).toHaveLength(3)
    })

    test("[SNP2] entries are trimmed behind the snapshot, and never beyond it", async () => {
      const { engine } = current()
      const { conversation, cursorAt, compact } = await conversationOf(engine, 6)
      expect(await compact(4, { trimThrough: 100 })).toBe(true)
      const trimmed = mustBe(await engine.log.read(conversation, startCursor, upTo(10)), "trimmed")
      expect(trimmed).toMatchObject({ snapshot: { cursor: cursorAt(4), state: "state 4" }, head: cursorAt(6) })
      mustBe(await engine.log.read(conversation, cursorAt(3), upTo(10)), "trimmed")
      expect((await readAll(engine, conversation, trimmed.snapshot.cursor)).map(nameOf)).toEqual(["m5", "m6"])
      expect((await readAll(engine, conversation, cursorAt(5))).map(nameOf)).toEqual(["m6"])
    })

    test("[SNP2] entries behind the snapshot that were not trimmed are still read one by one", async () => {
      const { engine } = current()
      const { conversation, cursorAt, compact } = await conversationOf(engine, 6)
      await compact(5, { trimThrough: 2 })
      expect((await readAll(engine, conversation, cursorAt(2))).map(nameOf)).toEqual(["m3", "m4", "m5", "m6"])
      mustBe(await engine.log.read(conversation, cursorAt(1), upTo(10)), "trimmed")
    })

    test("[LIN1] a cursor of another history is found out at the snapshot's edge too", async () => {
      const { engine } = current()
      const { conversation, cursorAt, compact } = await conversationOf(engine, 6)
      await compact(4, { trimThrough: 4 })
      const diverged = mustBe(await engine.log.read(conversation, "4-anotherLife", upTo(10)), "diverged")
      expect(diverged.snapshot).toEqual({ cursor: cursorAt(4), state: "state 4" })
      mustBe(await engine.log.read(conversation, "5-anotherLife", upTo(10)), "diverged")
      mustBe(await engine.log.read(conversation, "99-anotherLife", upTo(10)), "diverged")
    })

    test("[LOG1] a log goes on after everything in it was trimmed", async () => {
      const { engine } = current()
      const { conversation, cursorAt, compact } = await conversationOf(engine, 3)
      await compact(3, { trimThrough: 3 })
      expect(await engine.log.head(conversation)).toBe(cursorAt(3))
      const next = mustBe(await append(engine, conversation, ["m4"]), "appended")
      expect(next).toMatchObject({ prev: cursorAt(3), seq: 4 })
      expect((await readAll(engine, conversation, cursorAt(3))).map(nameOf)).toEqual(["m4"])
    })

    test("[SNP2] of many compactions at once the newest snapshot stays", async () => {
      const { engine } = current()
      const { conversation, cursorAt, compact } = await conversationOf(engine, 9)
      await Promise.all([3, 9, 5, 7].map((seq) => compact(seq, { trimThrough: seq - 1 })))
      expect(await engine.log.snapshot(conversation)).toEqual({ cursor: cursorAt(9), state: "state 9" })
      expect((await readAll(engine, conversation, cursorAt(9))).map(nameOf)).toEqual([])
    })
  })
}
