/** Reading and lineage: from any cursor the right answer. */
import { startCursor } from "@everthread/protocol"
import { describe, expect, test } from "vitest"
import {
  append,
  beginConversation,
  body,
  engineForEachTest,
  mustBe,
  nameOf,
  type OpenEngine,
  readAll,
  upTo,
} from "./under-test.ts"

export function logReadContract(open: OpenEngine): void {
  describe("reading", () => {
    const current = engineForEachTest(open)

    test("[LOG6] a read gives what follows the cursor, and the head of the same moment", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const a = mustBe(await append(engine, conversation, ["a"]), "appended")
      const b = mustBe(await append(engine, conversation, ["b"]), "appended")
      const tail = mustBe(await engine.log.read(conversation, a.cursor, upTo(10)), "tail")
      expect(tail).toMatchObject({ prev: a.cursor, cursor: b.cursor, head: b.cursor, more: false })
      expect(tail.entries.map(nameOf)).toEqual(["b"])
      const nothing = mustBe(await engine.log.read(conversation, b.cursor, upTo(10)), "tail")
      expect(nothing).toEqual({
        status: "tail",
        prev: b.cursor,
        cursor: b.cursor,
        entries: [],
        head: b.cursor,
        more: false,
      })
      expect(await engine.log.head(conversation)).toBe(b.cursor)
    })

    test("[LOG6] what a read gives ends at the head that it names, while others append", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const appends = Promise.all(
        Array.from({ length: 100 }, (_, index) => append(engine, conversation, [`m${index}`])),
      )
      let done = false
      void appends.then(() => {
        done = true
      })
      while (!done) {
        const tail = mustBe(await engine.log.read(conversation, startCursor, upTo(1_000)), "tail")
        expect(tail.cursor).toBe(tail.head)
        expect(tail.entries.map((entry) => entry.seq)).toEqual(tail.entries.map((_, index) => index + 1))
        await new Promise((resolve) => setImmediate(resolve))
      }
      await appends
    })

    test("[LOG1] a long log is read in pages without a gap or a repeat", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      for (let index = 0; index < 5; index++) await append(engine, conversation, [`a${index}`, `b${index}`])
      const page = mustBe(await engine.log.read(conversation, startCursor, upTo(4)), "tail")
      expect(page).toMatchObject({ more: true, cursor: page.entries.at(-1)?.cursor })
      expect(page.entries).toHaveLength(4)
      const exact = mustBe(await engine.log.read(conversation, startCursor, upTo(11)), "tail")
      expect(exact).toMatchObject({ more: false, cursor: exact.head })
      const all = await readAll(engine, conversation, startCursor, upTo(3))
      expect(all.map((entry) => entry.seq)).toEqual(Array.from({ length: 11 }, (_, index) => index + 1))
    })

    test("[LOG1] a page ends before its bodies exceed the characters that were asked for", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const bodies = ["a", "b", "c", "d"].map((name) => body(name.repeat(100)))
      await append(engine, conversation, [], { bodies })
      const [first] = mustBe(await engine.log.read(conversation, startCursor, upTo(1)), "tail").entries
      const after = first?.cursor ?? startCursor
      const two = 2 * body("a".repeat(100)).length
      const pageOf = async (charsMax: number) =>
        mustBe(await engine.log.read(conversation, after, { entriesMax: 10, charsMax }), "tail")
      const exact = await pageOf(two)
      expect(exact).toMatchObject({ more: true, cursor: exact.entries.at(-1)?.cursor })
      expect(exact.entries.map((entry) => entry.body)).toEqual(bodies.slice(0, 2))
      expect((await pageOf(two - 1)).entries).toHaveLength(1)
      expect(await pageOf(2 * two)).toMatchObject({ more: false })
    })

    test("[LOG1] an entry that is longer than a whole page comes as a page of its own", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      await append(engine, conversation, ["a", "long ".repeat(2_000), "b"])
      const max = { entriesMax: 10, charsMax: 1_000 }
      const pages: string[][] = []
      for (let cursor = startCursor, more = true; more; ) {
        const page = mustBe(await engine.log.read(conversation, cursor, max), "tail")
        pages.push(page.entries.map((entry) => nameOf(entry).slice(0, 5)))
        cursor = page.cursor
        more = page.more
      }
      expect(pages).toEqual([["begin", "a"], ["long "], ["b"]])
      expect(await readAll(engine, conversation, startCursor, { ...max, charsMax: 1 })).toHaveLength(4)
    })

    test("[LOG1] bodies come back as they were given, whatever characters they have", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const bodies = ['{"text":"é 漢字 😀 \\u0000 \\n"}', `{"text":"${"long ".repeat(20_000)}"}`, "{}", '{ "a" : 1 }']
      await append(engine, conversation, [], { bodies })
      const entries = await readAll(engine, conversation, startCursor)
      expect(entries.slice(1).map((entry) => entry.body)).toEqual(bodies)
    })

    test("[LIN1] a cursor beyond the head is of another history", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const head = await engine.log.head(conversation)
      expect(await engine.log.read(conversation, "7-fromTheFuture", upTo(10))).toEqual({
        status: "diverged",
        snapshot: undefined,
        head,
      })
    })

    test("[LIN1] a cursor whose seq is in the log with another nonce is of another history", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const { seq } = mustBe(await append(engine, conversation, ["a", "b"]), "appended")
      mustBe(await engine.log.read(conversation, `${seq}-anotherLife`, upTo(10)), "diverged")
      mustBe(await engine.log.read(conversation, "1-anotherLife", upTo(10)), "diverged")
    })

    test("[LIN1] another conversation's cursor is of another history", async () => {
      const { engine } = current()
      const [one, two] = [await beginConversation(engine), await beginConversation(engine)]
      const elsewhere = mustBe(await append(engine, two, ["a"]), "appended")
      mustBe(await append(engine, one, ["a"]), "appended")
      mustBe(await engine.log.read(one, elsewhere.cursor, upTo(10)), "diverged")
    })

    test("[LOG7] what was acknowledged is there after the engine was closed and opened again", async (context) => {
      const { engine, reopen } = current()
      if (!reopen) return context.skip()
      const conversation = await beginConversation(engine)
      const { cursor } = mustBe(
        await append(engine, conversation, ["a", "b"], { expect: { name: "v", is: null, becomes: "1" } }),
        "appended",
      )
      const again = await reopen()
      expect(await again.log.head(conversation)).toBe(cursor)
      expect((await readAll(again, conversation, startCursor)).map(nameOf)).toEqual(["begin", "a", "b"])
      expect(await again.log.value(conversation, "v")).toBe("1")
      expect(await again.directory.role(conversation, "ada")).toBe("owner")
    })
  })
}
