/** The archive: paged from either end, and cut. */
import { describe, expect, test } from "vitest"
import type { ArchivedMessage } from "../event-log.ts"
import { conversationOf, engineForEachTest, freshId, type OpenEngine } from "./under-test.ts"

const messagesAt = (...seqs: readonly number[]): ArchivedMessage[] =>
  seqs.map((seq) => ({ seq, body: `{"seq":${seq}}` }))

export function logArchiveContract(open: OpenEngine): void {
  describe("the archive", () => {
    const current = engineForEachTest(open)

    test("[LOG8] archived messages are paged back to the first, oldest first in each page", async () => {
      const { engine } = current()
      const { conversation, compact } = await conversationOf(engine, 8)
      const messages = messagesAt(1, 3, 5, 7)
      await compact(8, { archive: messages, trimThrough: 8 })
      expect(await engine.log.archived(conversation, 8, 2)).toEqual(messages.slice(2))
      expect(await engine.log.archived(conversation, 5, 2)).toEqual(messages.slice(0, 2))
      expect(await engine.log.archived(conversation, 1, 2)).toEqual([])
      expect(await engine.log.archived(conversation, Number.MAX_SAFE_INTEGER, 100)).toEqual(messages)
    })

    test("[LOG8] an archived message is written over, or removed", async () => {
      const { engine } = current()
      const { conversation, compact } = await conversationOf(engine, 5)
      await compact(4, { archive: [1, 2].map((seq) => ({ seq, body: "old" })) })
      const changes = [
        { seq: 1, body: "new" },
        { seq: 2, body: null },
      ]
      await compact(5, { archive: changes })
      expect(await engine.log.archived(conversation, 10, 10)).toEqual([{ seq: 1, body: "new" }])
    })

    test("[LOG8] it is read from its beginning, too, and counted", async () => {
      const { engine } = current()
      const { conversation, compact } = await conversationOf(engine, 8)
      expect(await engine.log.archivedCount(conversation)).toBe(0)
      expect(await engine.log.archivedAfter(conversation, 0, 10)).toEqual([])
      const messages = messagesAt(1, 3, 5, 7)
      await compact(8, { archive: messages })
      expect(await engine.log.archivedCount(conversation)).toBe(4)
      expect(await engine.log.archivedAfter(conversation, 0, 3)).toEqual(messages.slice(0, 3))
      expect(await engine.log.archivedAfter(conversation, 5, 3)).toEqual(messages.slice(3))
      expect(await engine.log.archivedAfter(conversation, 7, 3)).toEqual([])
    })

    test("[RET2] it is cut from its beginning up to a seq, some at a time, and nothing behind it is touched", async () => {
      const { engine } = current()
      const [one, two] = [await conversationOf(engine, 9), await conversationOf(engine, 9)]
      const messages = messagesAt(1, 2, 3, 5, 7, 8)
      for (const { compact } of [one, two]) await compact(9, { archive: messages })
      const cut = (upTo: number, max: number) => engine.log.cutArchive(one.conversation, upTo, max)
      expect(await cut(0, 10)).toBe(0)
      expect(await cut(6, 3)).toBe(3)
      expect(await engine.log.archivedAfter(one.conversation, 0, 10)).toEqual(messages.slice(3))
      expect(await cut(6, 3)).toBe(1)
      expect(await cut(6, 3)).toBe(0)
      expect(await engine.log.archived(one.conversation, 100, 10)).toEqual(messages.slice(4))
      expect(await cut(7, 10)).toBe(1)
      expect(await engine.log.archivedCount(one.conversation)).toBe(1)
      expect(await engine.log.archivedCount(two.conversation)).toBe(6)
      expect(await engine.log.cutArchive(freshId("nowhere"), 100, 10)).toBe(0)
    })
  })
}
