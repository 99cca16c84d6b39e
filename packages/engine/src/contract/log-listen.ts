/** Listening: what is stored is told, in order, once, and only then. */
import { startCursor } from "@everthread/protocol"
import { describe, expect, test } from "vitest"
import {
  append,
  beginConversation,
  engineForEachTest,
  freshId,
  mustBe,
  nameOf,
  type OpenEngine,
  readAll,
  recorder,
  upTo,
} from "./under-test.ts"

export function logListenContract(open: OpenEngine): void {
  describe("listening", () => {
    const current = engineForEachTest(open)

    test("[LOG5] a listener is told of each append, in the log's order, each following the one before", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const before = await engine.log.head(conversation)
      const heard = recorder(before)
      const stop = await engine.log.listen(conversation, heard.listener)
      await Promise.all(
        Array.from({ length: 100 }, (_, index) => append(engine, conversation, [`a${index}`, `b${index}`])),
      )
      await heard.until(() => heard.names().length >= 200)
      let cursor = before
      for (const { prev, entries } of heard.appended) {
        expect(prev).toBe(cursor)
        cursor = entries.at(-1)?.cursor
      }
      const stored = await readAll(engine, conversation, before ?? startCursor)
      expect(heard.appended.flatMap((told) => told.entries)).toEqual(stored)
      stop()
    })

    test("[LOG5] [ACK2] what a listener is told of can be read at that moment", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const reads: Promise<void>[] = []
      const stop = await engine.log.listen(conversation, {
        appended({ prev, entries }) {
          const read = engine.log.read(conversation, prev, upTo(1_000))
          reads.push(
            read.then((result) => {
              const stored = mustBe(result, "tail").entries
              expect(stored.slice(0, entries.length)).toEqual(entries)
            }),
          )
        },
        ephemeral() {},
        missed() {},
      })
      const heard = recorder(await engine.log.head(conversation))
      await engine.log.listen(conversation, heard.listener)
      for (let index = 0; index < 20; index++) await append(engine, conversation, [`m${index}`])
      await heard.until(() => heard.names().length === 20)
      await Promise.all(reads)
      expect(reads).toHaveLength(20)
      stop()
    })

    test("[LOG5] refused and repeated appends are not told", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const heard = recorder(await engine.log.head(conversation))
      await engine.log.listen(conversation, heard.listener)
      const idempotency = { key: "k", digest: "d" }
      await append(engine, conversation, ["once"], { idempotency })
      mustBe(await append(engine, conversation, ["once"], { idempotency }), "duplicate")
      mustBe(await append(engine, conversation, ["never"], { member: "eve" }), "not-member")
      await append(engine, conversation, ["last"])
      await heard.until(() => heard.names().includes("last"))
      expect(heard.names()).toEqual(["once", "last"])
    })

    test("[LOG5] each conversation has its listeners, and each of them is told", async () => {
      const { engine } = current()
      const [one, two] = [await beginConversation(engine), await beginConversation(engine)]
      const [a, b] = [recorder(await engine.log.head(one)), recorder(await engine.log.head(one))]
      const c = recorder(await engine.log.head(two))
      await engine.log.listen(one, a.listener)
      await engine.log.listen(one, b.listener)
      await engine.log.listen(two, c.listener)
      await append(engine, one, ["in one"])
      await append(engine, two, ["in two"])
      await Promise.all([a, b, c].map((heard) => heard.until(() => heard.names().length > 0)))
      expect([a, b, c].map((heard) => heard.names())).toEqual([["in one"], ["in one"], ["in two"]])
      expect(a.appended[0]?.conversation).toBe(one)
    })

    test("[LOG5] the beginning of a conversation is told to who already listens", async () => {
      const { engine } = current()
      const heard = recorder()
      const conversation = freshId("later")
      await engine.log.listen(conversation, heard.listener)
      await beginConversation(engine, { conversation })
      await heard.until(() => heard.appended.length > 0)
      expect(heard.appended[0]).toMatchObject({ prev: startCursor, conversation })
      expect(heard.names()).toEqual(["begin"])
    })

    test("[LOG5] who has stopped listening is told nothing more", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const begun = await engine.log.head(conversation)
      const [gone, stays] = [recorder(begun), recorder(begun)]
      const stop = await engine.log.listen(conversation, gone.listener)
      await engine.log.listen(conversation, stays.listener)
      await append(engine, conversation, ["first"])
      await Promise.all([gone, stays].map((heard) => heard.until(() => heard.names().includes("first"))))
      stop()
      stop()
      await append(engine, conversation, ["second"])
      await stays.until(() => stays.names().includes("second"))
      expect(gone.names()).toEqual(["first"])
    })

    test("[SUB1] a read that starts after listening is in force, and the listener, together miss nothing", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const appends = Promise.all(Array.from({ length: 50 }, (_, index) => append(engine, conversation, [`m${index}`])))
      const heard = recorder()
      await engine.log.listen(conversation, heard.listener)
      const replayed = (await readAll(engine, conversation, startCursor)).map(nameOf)
      await appends
      await append(engine, conversation, ["last"])
      await heard.until(() => heard.names().includes("last"))
      const all = (await readAll(engine, conversation, startCursor)).map(nameOf)
      const live = heard.names().filter((name) => !replayed.includes(name))
      expect([...replayed, ...live]).toEqual(all)
    })

    test("[LOG5] what has no place in the log is told to listeners and not stored", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const head = await engine.log.head(conversation)
      const heard = recorder(head)
      await engine.log.listen(conversation, heard.listener)
      await engine.log.publish(conversation, '{"typing":true}')
      await heard.until(() => heard.ephemeral.length > 0)
      expect(heard.ephemeral).toEqual(['{"typing":true}'])
      expect(await engine.log.head(conversation)).toBe(head)
      expect(heard.appended).toEqual([])
    })

    test("[DLV3] a listener that throws harms neither the append nor the others", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      await engine.log.listen(conversation, {
        appended() {
          throw new Error("a defect of the listener")
        },
        ephemeral() {},
        missed() {},
      })
      const heard = recorder()
      await engine.log.listen(conversation, heard.listener)
      mustBe(await append(engine, conversation, ["a"]), "appended")
      await heard.until(() => heard.names().includes("a"))
    })
  })
}
