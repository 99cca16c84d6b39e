/** Appending: one order, one step, once. */
import { startCursor } from "@everthread/protocol"
import { describe, expect, test } from "vitest"
import type { AppendResult } from "../event-log.ts"
import {
  append,
  beginConversation,
  body,
  engineForEachTest,
  freshId,
  mustBe,
  nameOf,
  nonce,
  type OpenEngine,
  ownedRun,
  readAll,
  upTo,
} from "./under-test.ts"

export function logAppendContract(open: OpenEngine): void {
  describe("appending", () => {
    const current = engineForEachTest(open)

    test("[LOG1] [LOG2] seqs are dense from 1, and a cursor is the seq and the append's nonce", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const first = mustBe(await append(engine, conversation, ["a", "b"], { nonce: "1234567890123456" }), "appended")
      expect(first).toMatchObject({ first: 2, seq: 3, cursor: "3-1234567890123456" })
      const second = mustBe(await append(engine, conversation, ["c"]), "appended")
      expect(second).toMatchObject({ first: 4, seq: 4, prev: first.cursor })
      const entries = await readAll(engine, conversation, startCursor)
      expect(entries.map((entry) => entry.seq)).toEqual([1, 2, 3, 4])
      expect(entries.slice(1, 3).map((entry) => entry.cursor)).toEqual(["2-1234567890123456", "3-1234567890123456"])
      expect(entries.map(nameOf)).toEqual(["begin", "a", "b", "c"])
    })

    test("[LOG1] many appends at once get dense seqs, each its own", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const names = Array.from({ length: 200 }, (_, index) => `m${index}`)
      const results = await Promise.all(names.map((name) => append(engine, conversation, [name])))
      const seqs = results.map((result) => mustBe(result, "appended").seq)
      expect([...seqs].sort((a, b) => a - b)).toEqual(names.map((_, index) => index + 2))
      const stored = await readAll(engine, conversation, startCursor)
      for (const [index, seq] of seqs.entries())
        expect(stored.find((entry) => entry.seq === seq)).toMatchObject({ body: body(`m${index}`) })
    })

    test("[LOG3] a refused append changes nothing at all", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const head = await engine.log.head(conversation)
      const everything = {
        idempotency: { key: "refused", digest: "d" },
        members: [{ user: "eve", role: "member" }],
        runs: [{ run: freshId("run"), state: "open" }],
      } as const
      const expectation = { name: "answer", is: "somebody", becomes: "eve" }
      mustBe(await append(engine, conversation, ["x"], { ...everything, expect: expectation }), "unexpected")
      mustBe(await append(engine, conversation, ["x"], { ...everything, member: "eve" }), "not-member")
      mustBe(
        await append(engine, conversation, ["x"], { ...everything, fence: { number: 1, nonce: "none" } }),
        "fenced",
      )
      expect(await engine.log.head(conversation)).toBe(head)
      expect(await engine.directory.role(conversation, "eve")).toBeUndefined()
      expect(await engine.log.value(conversation, "answer")).toBeNull()
      expect((await engine.leases.openRuns()).filter((run) => run.conversation === conversation)).toEqual([])
      mustBe(await append(engine, conversation, ["x"], { idempotency: everything.idempotency }), "appended")
    })

    test("[LOG3] everything an append carries is there when it is acknowledged", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const run = freshId("run")
      const result = mustBe(
        await append(engine, conversation, ["a", "b"], {
          member: "ada",
          members: [
            { user: "bob", role: "member" },
            { user: "ada", role: null },
          ],
          runs: [{ run, state: "open" }],
          expect: { name: "answer", is: null, becomes: "bob" },
        }),
        "appended",
      )
      expect(await engine.directory.members(conversation)).toEqual(new Map([["bob", "member"]]))
      expect(await engine.log.value(conversation, "answer")).toBe("bob")
      const opened = (await engine.leases.openRuns()).find((open) => open.run === run)
      expect(opened).toMatchObject({ conversation, seq: result.seq, owner: undefined })
    })

    test("[LOG4] appending to a conversation that does not exist is refused and begins none", async () => {
      const { engine } = current()
      const conversation = freshId("nowhere")
      mustBe(await append(engine, conversation, ["a"]), "no-conversation")
      expect(await engine.log.head(conversation)).toBeUndefined()
      mustBe(await engine.log.read(conversation, startCursor, upTo(10)), "no-conversation")
    })

    test("[LOG3] a conversation begins once: its entries, members and values in one step", async () => {
      const { engine } = current()
      const conversation = freshId("conversation")
      const request = () => ({
        conversation,
        nonce: nonce(),
        bodies: [body("created"), body("joined")],
        members: [
          { user: "ada", role: "owner" as const },
          { user: "bob", role: "member" as const },
        ],
        values: { title: "a picnic" },
      })
      const results = await Promise.all(Array.from({ length: 5 }, () => engine.log.create(request())))
      expect(results.map((result) => result.status).sort()).toEqual(["created", ...Array(4).fill("exists")])
      const created = mustBe(results.find((result) => result.status === "created") ?? { status: "none" }, "created")
      expect(created).toMatchObject({ seq: 2 })
      expect((await readAll(engine, conversation, startCursor)).map(nameOf)).toEqual(["created", "joined"])
      expect(await engine.directory.members(conversation)).toEqual(
        new Map([
          ["ada", "owner"],
          ["bob", "member"],
        ]),
      )
      expect(await engine.log.value(conversation, "title")).toBe("a picnic")
      expect(await engine.log.value(conversation, "another")).toBeNull()
    })

    test("[ACK3] creating again with the same key names the first one; with another body, the conversation exists", async () => {
      const { engine } = current()
      const idempotency = { key: "create-1", digest: "d1", ref: "made" }
      const conversation = await beginConversation(engine, { idempotency })
      const again = { conversation, nonce: nonce(), bodies: [body("begin")], members: [] }
      expect(await engine.log.create({ ...again, idempotency })).toMatchObject({
        status: "duplicate",
        seq: 1,
        ref: "made",
      })
      mustBe(await engine.log.create({ ...again, idempotency: { ...idempotency, digest: "d2" } }), "exists")
      mustBe(await engine.log.create(again), "exists")
    })

    test("[ACK3] a repeated send is one event, and each repeat names its place", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const idempotency = { key: "ada/phone/1", digest: "d1", ref: "message-1" }
      const send = () => append(engine, conversation, ["hello"], { idempotency })
      const results = await Promise.all([send(), send(), send(), send()])
      const { seq, cursor } = mustBe(results.find((result) => result.status === "appended") as AppendResult, "appended")
      for (const result of results.filter((other) => other.status !== "appended")) {
        expect(result).toEqual({ status: "duplicate", seq, cursor, ref: "message-1" })
      }
      expect(await send()).toEqual({ status: "duplicate", seq, cursor, ref: "message-1" })
      expect(await engine.log.head(conversation)).toBe(cursor)
    })

    test("[ACK3] a repeat is answered even if the append itself made its own conditions untrue", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const leave = () =>
        append(engine, conversation, ["left"], {
          member: "ada",
          members: [{ user: "ada", role: null }],
          expect: { name: "left", is: null, becomes: "yes" },
          idempotency: { key: "leave", digest: "d" },
        })
      const { seq } = mustBe(await leave(), "appended")
      expect(await leave()).toMatchObject({ status: "duplicate", seq })
    })

    test("[ACK3] what is known of a key can be asked for", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine, { idempotency: { key: "begin", digest: "d0" } })
      const idempotency = { key: "k", digest: "d1", ref: "made" }
      const { seq, cursor } = mustBe(await append(engine, conversation, ["a", "b"], { idempotency }), "appended")
      expect(await engine.log.repeated(conversation, "k")).toEqual({ digest: "d1", seq, cursor, ref: "made" })
      expect(await engine.log.repeated(conversation, "begin")).toMatchObject({ digest: "d0", seq: 1 })
      expect(await engine.log.repeated(conversation, "never")).toBeUndefined()
      expect(await engine.log.repeated(freshId("nowhere"), "k")).toBeUndefined()
    })

    test("[ACK3] the same key in another conversation is another send", async () => {
      const { engine } = current()
      const [one, two] = [await beginConversation(engine), await beginConversation(engine)]
      const idempotency = { key: "same", digest: "d" }
      mustBe(await append(engine, one, ["a"], { idempotency }), "appended")
      mustBe(await append(engine, two, ["a"], { idempotency }), "appended")
    })

    test("[ACK4] the same key with another body is refused", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const { cursor } = mustBe(
        await append(engine, conversation, ["a"], { idempotency: { key: "k", digest: "d1" } }),
        "appended",
      )
      mustBe(await append(engine, conversation, ["b"], { idempotency: { key: "k", digest: "d2" } }), "key-reused")
      expect(await engine.log.head(conversation)).toBe(cursor)
    })

    test("[CON5] an append for somebody who is no member at that moment is refused", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      mustBe(await append(engine, conversation, ["a"], { member: "bob" }), "not-member")
      mustBe(await append(engine, conversation, ["b"], { members: [{ user: "bob", role: "member" }] }), "appended")
      mustBe(await append(engine, conversation, ["c"], { member: "bob" }), "appended")
      mustBe(await append(engine, conversation, ["d"], { members: [{ user: "bob", role: null }] }), "appended")
      mustBe(await append(engine, conversation, ["e"], { member: "bob" }), "not-member")
    })

    test("[RUN5] of many that expect the same value one wins, and the others are told what it is", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const answer = (who: string) =>
        append(engine, conversation, [who], { expect: { name: "interrupt-1", is: null, becomes: who } })
      const people = ["ada", "bob", "cy", "di"]
      const results = await Promise.all(people.map(answer))
      const winner = people[results.findIndex((result) => result.status === "appended")]
      expect(results.filter((result) => result.status === "appended")).toHaveLength(1)
      for (const result of results.filter((other) => other.status !== "appended")) {
        expect(result).toEqual({ status: "unexpected", actual: winner })
      }
      expect(await engine.log.value(conversation, "interrupt-1")).toBe(winner)
      const clear = { name: "interrupt-1", is: winner as string, becomes: null }
      mustBe(await append(engine, conversation, ["clear"], { expect: clear }), "appended")
      expect(await engine.log.value(conversation, "interrupt-1")).toBeNull()
    })

    test("[LOG3] what was decided by what the log held is refused when the log has moved on since", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const after = mustBe(await append(engine, conversation, ["a"]), "appended").cursor
      const { cursor: head } = mustBe(await append(engine, conversation, ["b"], { after }), "appended")
      expect(await append(engine, conversation, ["c"], { after })).toEqual({ status: "moved", head })
      expect(await engine.log.head(conversation)).toBe(head)
      const [seq] = head.split("-")
      const elsewhere = { status: "moved", head }
      expect(await append(engine, conversation, ["c"], { after: `${seq}-${nonce()}` })).toEqual(elsewhere)
      expect(await append(engine, conversation, ["c"], { after: `9-${nonce()}`, grownMax: 9 })).toEqual(elsewhere)
    })

    test("[LOG3] of many that were decided at one place as many are taken as the log may grow by", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const after = mustBe(await append(engine, conversation, ["a"]), "appended").cursor
      const names = Array.from({ length: 20 }, (_, index) => `m${index}`)
      const decided = (grownMax: number) => (name: string) =>
        append(engine, conversation, [name, `${name}'s`], { after, grownMax, member: "ada" })
      const statuses = (await Promise.all(names.map(decided(6)))).map(({ status }) => status)
      expect(statuses.filter((status) => status === "appended")).toHaveLength(4)
      expect(statuses.filter((status) => status === "moved")).toHaveLength(16)
      expect(await readAll(engine, conversation, after)).toHaveLength(8)
    })

    test("[ACK3] a repeat is answered before it is asked whether the log has moved on", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const after = mustBe(await append(engine, conversation, ["a"]), "appended").cursor
      const send = () => append(engine, conversation, ["b"], { after, idempotency: { key: "k", digest: "d" } })
      const { seq } = mustBe(await send(), "appended")
      expect(await send()).toMatchObject({ status: "duplicate", seq })
    })

    test("[RUN2] an owner's appends are taken in turn, and a repeat of the last one is answered with its place", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const fence = await ownedRun(engine, conversation, freshId("run"))
      const write = (n: number) => append(engine, conversation, [`n${n}`], { fence, n })
      mustBe(await write(0), "appended")
      const { seq, cursor } = mustBe(await write(1), "appended")
      expect(await write(1)).toEqual({ status: "duplicate", seq, cursor })
      mustBe(await write(0), "fenced")
      mustBe(await write(3), "fenced")
      mustBe(await write(2), "appended")
    })

    test("[RUN2] an owner that was replaced or has given up can write nothing", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const run = freshId("run")
      const first = await ownedRun(engine, conversation, run)
      mustBe(await append(engine, conversation, ["first"], { fence: first, n: 0 }), "appended")
      const claim = { conversation, run, node: "node-b", nonce: nonce(), instead: first }
      const second = await engine.leases.claim(claim)
      if (!second) throw new Error("The challenger saw the owner that stood.")
      mustBe(await append(engine, conversation, ["late"], { fence: first, n: 1 }), "fenced")
      mustBe(await append(engine, conversation, ["late"], { fence: first, n: 0 }), "fenced")
      mustBe(await append(engine, conversation, ["late"], { fence: { ...second, nonce: first.nonce } }), "fenced")
      mustBe(await append(engine, conversation, ["second"], { fence: second, n: 0 }), "appended")
      await engine.leases.release(conversation, second)
      mustBe(await append(engine, conversation, ["late"], { fence: second, n: 1 }), "fenced")
      mustBe(await append(engine, conversation, ["late"], { fence: second }), "fenced")
    })
  })
}
