/** Ownership: one owner, by the store's word. */
import { describe, expect, test } from "vitest"
import type { Engine } from "../engine.ts"
import {
  append,
  beginConversation,
  engineForEachTest,
  freshId,
  mustBe,
  nonce,
  type OpenEngine,
  ownedRun,
} from "./under-test.ts"

const openIn = async (engine: Engine, conversation: string) =>
  (await engine.leases.openRuns()).filter((run) => run.conversation === conversation)

export function leasesContract(open: OpenEngine): void {
  describe("leases", () => {
    const current = engineForEachTest(open)

    test("[RUN2] heartbeats count up from 1, and a node that left counts 0", async () => {
      const { engine } = current()
      const [node, other] = [freshId("node"), freshId("node")]
      expect(await engine.leases.beat(node)).toBe(1)
      expect(await engine.leases.beat(node)).toBe(2)
      expect(await engine.leases.beats([node, other])).toEqual(
        new Map([
          [node, 2],
          [other, 0],
        ]),
      )
      await engine.leases.leave(node)
      expect(await engine.leases.beats([node])).toEqual(new Map([[node, 0]]))
    })

    test("[RUN2] of many that claim at once one wins", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const run = freshId("run")
      await append(engine, conversation, ["open"], { runs: [{ run, state: "open" }] })
      const claim = (node: string) =>
        engine.leases.claim({ conversation, run, node, nonce: `nonceOf${node}`, instead: undefined })
      const nodes = ["a", "b", "c", "d", "e"]
      const fences = await Promise.all(nodes.map(claim))
      const winner = fences.findIndex((fence) => fence !== undefined)
      expect(fences.filter((fence) => fence !== undefined)).toEqual([{ number: 1, nonce: `nonceOf${nodes[winner]}` }])
      const owner = { node: nodes[winner], run, fence: fences[winner] }
      expect(await openIn(engine, conversation)).toMatchObject([{ run, owner }])
    })

    test("[RUN2] an owner is replaced only by a challenger who saw it, and fences only rise", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const run = freshId("run")
      const first = await ownedRun(engine, conversation, run)
      const claim = (instead: typeof first | undefined) =>
        engine.leases.claim({ conversation, run, node: "node-b", nonce: nonce(), instead })
      expect(await claim(undefined)).toBeUndefined()
      expect(await claim({ ...first, nonce: "anotherLife" })).toBeUndefined()
      expect(await claim({ ...first, number: first.number + 1 })).toBeUndefined()
      const results = await Promise.all([claim(first), claim(first)])
      const second = results.find((fence) => fence !== undefined)
      expect(results.filter((fence) => fence !== undefined)).toHaveLength(1)
      expect(second?.number).toBe(first.number + 1)
      expect(await claim(first)).toBeUndefined()
    })

    test("[RUN2] a run that is not open, or not there, is not given to anybody", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const run = freshId("run")
      const claim = { run, node: "node-a", nonce: nonce(), instead: undefined }
      expect(await engine.leases.claim({ ...claim, conversation })).toBeUndefined()
      expect(await engine.leases.claim({ ...claim, conversation: freshId("nowhere") })).toBeUndefined()
      await append(engine, conversation, ["open"], { runs: [{ run, state: "open" }] })
      await append(engine, conversation, ["done"], { runs: [{ run, state: "done" }] })
      expect(await engine.leases.claim({ ...claim, conversation })).toBeUndefined()
    })

    test("[RUN7] a conversation has one owner: its next run waits until the owner gives up or is replaced", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const [one, two] = [freshId("run"), freshId("run")]
      const fence = await ownedRun(engine, conversation, one)
      await append(engine, conversation, ["open"], { runs: [{ run: two, state: "open" }] })
      const claimTwo = { conversation, run: two, node: "node-b", nonce: nonce() }
      expect(await engine.leases.claim({ ...claimTwo, instead: undefined })).toBeUndefined()
      await append(engine, conversation, ["done"], { fence, n: 0, runs: [{ run: one, state: "done" }] })
      await engine.leases.release(conversation, fence)
      const next = await engine.leases.claim({ ...claimTwo, instead: undefined })
      expect(next?.number).toBe(fence.number + 1)
    })

    test("[RUN3] a run that was given up stays open, and only the current owner can give it up", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const run = freshId("run")
      const fence = await ownedRun(engine, conversation, run)
      await engine.leases.release(conversation, { ...fence, nonce: "anotherLife" })
      expect(await openIn(engine, conversation)).toMatchObject([{ run, owner: { fence } }])
      await engine.leases.release(conversation, fence)
      expect(await openIn(engine, conversation)).toMatchObject([{ run, owner: undefined }])
    })

    test("[RUN3] an append may give the conversation up in its own step, and its repeat is known for one", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const [one, two] = [freshId("run"), freshId("run")]
      const fence = await ownedRun(engine, conversation, one)
      await append(engine, conversation, ["open"], { runs: [{ run: two, state: "open" }] })
      await append(engine, conversation, ["first"], { fence, n: 0 })
      const runs = [{ run: one, state: "done" as const }]
      const end = () => append(engine, conversation, ["end"], { fence, n: 1, runs, release: true })
      const { seq } = mustBe(await end(), "appended")
      expect(await openIn(engine, conversation)).toMatchObject([{ run: two, owner: undefined }])
      await append(engine, conversation, ["of somebody else"])
      expect(await end()).toMatchObject({ status: "duplicate", seq })
      mustBe(await append(engine, conversation, ["late"], { fence, n: 2 }), "fenced")
      mustBe(await append(engine, conversation, ["late"], { fence }), "fenced")
      const claim = { conversation, run: two, node: "node-b", nonce: nonce(), instead: undefined }
      expect((await engine.leases.claim(claim))?.number).toBe(fence.number + 1)
      mustBe(await end(), "fenced")
    })

    test("[RUN2] a new owner counts its appends from 0", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const run = freshId("run")
      const first = await ownedRun(engine, conversation, run)
      for (const n of [0, 1, 2]) mustBe(await append(engine, conversation, [`n${n}`], { fence: first, n }), "appended")
      const claim = { conversation, run, node: "node-b", nonce: nonce(), instead: first }
      const second = await engine.leases.claim(claim)
      if (!second) throw new Error("The challenger saw the owner that stood.")
      mustBe(await append(engine, conversation, ["n3"], { fence: second, n: 3 }), "fenced")
      mustBe(await append(engine, conversation, ["n0"], { fence: second, n: 0 }), "appended")
    })

    test("[RUN1] open runs are listed in the order of their opening, each with the entry that opened it last", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const [x, y, z] = [freshId("z"), freshId("y"), freshId("a")]
      const openRun = async (run: string) =>
        mustBe(await append(engine, conversation, ["note", "open"], { runs: [{ run, state: "open" }] }), "appended").seq
      const [seqX, seqY, seqZ] = [await openRun(x), await openRun(y), await openRun(z)]
      const listed = async () => (await openIn(engine, conversation)).map(({ run, seq }) => ({ run, seq }))
      expect(await listed()).toEqual([
        { run: x, seq: seqX },
        { run: y, seq: seqY },
        { run: z, seq: seqZ },
      ])
      const again = await openRun(x)
      expect(await listed()).toEqual([
        { run: y, seq: seqY },
        { run: z, seq: seqZ },
        { run: x, seq: again },
      ])
    })

    test("[RUN1] settling is of one opening: a later one is not touched", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const run = freshId("run")
      const openRun = async () =>
        mustBe(await append(engine, conversation, ["open"], { runs: [{ run, state: "open" }] }), "appended").seq
      const first = await openRun()
      const second = await openRun()
      await engine.leases.settle(conversation, run, first)
      expect(await openIn(engine, conversation)).toMatchObject([{ run, seq: second }])
      await engine.leases.settle(conversation, run, second)
      expect(await openIn(engine, conversation)).toEqual([])
      await engine.leases.settle(conversation, run, second)
    })

    test("[RUN1] who waits for work is told of every opening", async () => {
      const { engine } = current()
      const conversation = await beginConversation(engine)
      const run = freshId("run")
      const told = new Promise<void>((resolve) => {
        engine.leases.onOpened((where, which) => {
          if (where === conversation && which === run) resolve()
        })
      })
      await append(engine, conversation, ["open"], { runs: [{ run, state: "open" }] })
      await told
    })

    test("[RUN3] open runs, owners and fences are there after the engine was closed and opened again", async (context) => {
      const { engine, reopen } = current()
      if (!reopen) return context.skip()
      const conversation = await beginConversation(engine)
      const run = freshId("run")
      const fence = await ownedRun(engine, conversation, run)
      const { seq, cursor } = mustBe(await append(engine, conversation, ["n0"], { fence, n: 0 }), "appended")
      const again = await reopen()
      expect(await openIn(again, conversation)).toMatchObject([{ run, owner: { node: "node-a", run, fence } }])
      expect(await append(again, conversation, ["n0"], { fence, n: 0 })).toEqual({ status: "duplicate", seq, cursor })
      const next = await again.leases.claim({ conversation, run, node: "node-b", nonce: nonce(), instead: fence })
      expect(next?.number).toBe(fence.number + 1)
    })
  })
}
