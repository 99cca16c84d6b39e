/** The directory: who belongs where. */
import { describe, expect, test } from "vitest"
import { append, beginConversation, engineForEachTest, freshId, mustBe, type OpenEngine } from "./under-test.ts"

export function directoryContract(open: OpenEngine): void {
  describe("the directory", () => {
    const current = engineForEachTest(open)

    test("[CON5] roles and members are those of the newest append", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      await append(engine, conversation, ["a"], { members: [{ user: "bob", role: "member" }] })
      expect(await engine.directory.role(conversation, "bob")).toBe("member")
      await append(engine, conversation, ["b"], { members: [{ user: "bob", role: "owner" }] })
      expect(await engine.directory.role(conversation, "bob")).toBe("owner")
      await append(engine, conversation, ["c"], { members: [{ user: "bob", role: null }] })
      expect(await engine.directory.role(conversation, "bob")).toBeUndefined()
      expect(await engine.directory.members(conversation)).toEqual(new Map([["ada", "owner"]]))
    })

    test("[CON5] a conversation that does not exist has nobody", async () => {
      const { engine } = current()
      const nowhere = freshId("nowhere")
      expect(await engine.directory.role(nowhere, "ada")).toBeUndefined()
      expect(await engine.directory.members(nowhere)).toEqual(new Map())
    })

    test("[CON5] a user's conversations are those they are a member of, and nobody else's", async () => {
      const { engine } = current()
      const [user, longer] = [freshId("u"), freshId("u")]
      const one = await beginConversation(engine, { members: [{ user, role: "owner" }] })
      const two = await beginConversation(engine, { members: [{ user, role: "member" }] })
      await beginConversation(engine, { members: [{ user: longer, role: "member" }] })
      await beginConversation(engine, { members: [{ user: `${user}x`, role: "member" }] })
      expect([...(await engine.directory.conversations(user))].sort()).toEqual([one, two].sort())
      await append(engine, one, ["left"], { members: [{ user, role: null }] })
      expect(await engine.directory.conversations(user)).toEqual([two])
    })

    test("[CON5] ids may be of any script, and one that is the beginning of another is not mistaken for it", async () => {
      const { engine } = current()
      const conversation = freshId("~ünïcødé-漢字-😀")
      const users = ["ü", "漢", "漢字", "😀", "a", "a/b", "a:b", "__proto__"]
      await beginConversation(engine, {
        conversation,
        members: users.map((user) => ({ user, role: "member" as const })),
      })
      expect([...(await engine.directory.members(conversation)).keys()].sort()).toEqual([...users].sort())
      for (const user of users) expect(await engine.directory.conversations(user)).toContain(conversation)
      expect(await engine.directory.members(conversation.slice(0, -1))).toEqual(new Map())
    })

    test("[CON8] who becomes a member, or ceases to be one, is told of by every change, and of nothing else", async () => {
      const { engine } = current()
      const conversation = freshId("conversation")
      const told: string[][] = []
      let wake = () => {}
      const stop = engine.directory.onChanged((where, users) => {
        if (where === conversation) told.push([...users])
        wake()
      })
      const until = (count: number) =>
        new Promise<void>((resolve) => {
          wake = () => told.length >= count && resolve()
          wake()
        })
      await beginConversation(engine, { conversation, members: [{ user: "ada", role: "owner" }] })
      await append(engine, conversation, ["a message"])
      await append(engine, conversation, ["b"], { members: [{ user: "漢字", role: "member" }] })
      mustBe(
        await append(engine, conversation, ["c"], { member: "eve", members: [{ user: "eve", role: "owner" }] }),
        "not-member",
      )
      await append(engine, conversation, ["d"], { members: [{ user: "漢字", role: null }] })
      await until(3)
      expect(told).toEqual([["ada"], ["漢字"], ["漢字"]])
      stop()
      const other = new Promise<void>((resolve) => {
        engine.directory.onChanged((where, users) => where === conversation && users.includes("bob") && resolve())
      })
      await append(engine, conversation, ["e"], { members: [{ user: "bob", role: "member" }] })
      await other
      expect(told).toHaveLength(3)
    })

    test("[CON8] what is told of is stored: whoever asks then finds it", async () => {
      const { engine } = current()
      const user = freshId("user")
      const conversation = freshId("conversation")
      const asked = new Promise<readonly string[]>((resolve) => {
        engine.directory.onChanged((where) => {
          if (where === conversation) resolve(engine.directory.conversations(user))
        })
      })
      await beginConversation(engine, { conversation, members: [{ user, role: "owner" }] })
      expect(await asked).toEqual([conversation])
    })

    test("[RET4] every conversation is found page by page, and once, while others are written to", async () => {
      const { engine } = current()
      const name = freshId("every-漢字")
      const begun = await Promise.all(
        ["", "x", "-", "😀", ...Array.from({ length: 40 }, (_, at) => `/${at}`)].map((more) =>
          beginConversation(engine, { conversation: `${name}${more}`, members: [] }),
        ),
      )
      for (const max of [1, 7, 1_000]) {
        const found: string[] = []
        let from: string | undefined
        do {
          const page = await engine.directory.every(from, max)
          expect(page.conversations.length).toBeLessThanOrEqual(max)
          found.push(...page.conversations)
          from = page.next
          if (found.length < 20) await append(engine, begun[0] ?? "", ["more"])
        } while (from !== undefined)
        expect(found.filter((id) => begun.includes(id)).sort()).toEqual([...begun].sort())
      }
    })
  })
}
