/** What a run's tools have done is known to the run's next owner. */
import { describe, expect, test } from "vitest"
import type { Engine } from "../engine.ts"
import {
  append,
  beginConversation,
  engineForEachTest,
  freshId,
  nonce,
  type OpenEngine,
  ownedRun,
} from "./under-test.ts"

async function taskOf(engine: Engine) {
  const conversation = await beginConversation(engine)
  const run = freshId("run")
  const fence = await ownedRun(engine, conversation, run)
  const effect = (key: string) => ({ conversation, run, key })
  const replace = async () => {
    const next = await engine.leases.claim({ conversation, run, node: "node-b", nonce: nonce(), instead: fence })
    if (!next) throw new Error("The challenger saw the owner that stood.")
    return next
  }
  return { conversation, run, fence, effect, replace }
}

export function effectsContract(open: OpenEngine): void {
  describe("effects", () => {
    const current = engineForEachTest(open)

    test("[TOO1] [TOO2] an effect is begun once, and its first result is what everybody gets", async () => {
      const { engine } = current()
      const { fence, effect, replace } = await taskOf(engine)
      expect(await engine.effects.begin(effect("pay"), fence, nonce())).toEqual({ status: "fresh" })
      expect(await engine.effects.finish(effect("pay"), fence, '{"id":1}')).toEqual({
        status: "done",
        value: '{"id":1}',
      })
      expect(await engine.effects.finish(effect("pay"), fence, '{"id":2}')).toEqual({
        status: "done",
        value: '{"id":1}',
      })
      const next = await replace()
      expect(await engine.effects.begin(effect("pay"), next, nonce())).toEqual({ status: "done", value: '{"id":1}' })
      expect(await engine.effects.begin(effect("book"), next, nonce())).toEqual({ status: "fresh" })
    })

    test("[TOO2] one that was begun and not finished is told so, and the repeat of a lost answer is not", async () => {
      const { engine } = current()
      const { fence, effect, replace } = await taskOf(engine)
      const first = nonce()
      expect(await engine.effects.begin(effect("pay"), fence, first)).toEqual({ status: "fresh" })
      expect(await engine.effects.begin(effect("pay"), fence, first)).toEqual({ status: "fresh" })
      expect(await engine.effects.begin(effect("pay"), fence, nonce())).toEqual({ status: "again" })
      expect(await engine.effects.begin(effect("pay"), await replace(), nonce())).toEqual({ status: "again" })
    })

    test("[TOO3] an owner that was replaced can neither begin nor finish one", async () => {
      const { engine } = current()
      const { fence, effect, replace } = await taskOf(engine)
      await engine.effects.begin(effect("pay"), fence, nonce())
      const next = await replace()
      expect(await engine.effects.finish(effect("pay"), fence, "1")).toEqual({ status: "fenced" })
      expect(await engine.effects.begin(effect("book"), fence, nonce())).toEqual({ status: "fenced" })
      expect(await engine.effects.begin(effect("pay"), next, nonce())).toEqual({ status: "again" })
      expect(await engine.effects.begin(effect("book"), next, nonce())).toEqual({ status: "fresh" })
      const nowhere = { conversation: freshId("nowhere"), run: "run", key: "pay" }
      expect(await engine.effects.begin(nowhere, next, nonce())).toEqual({ status: "fenced" })
    })

    test("[TOO1] effects belong to one run of one conversation, and go when they are forgotten", async () => {
      const { engine } = current()
      const [one, other] = [await taskOf(engine), await taskOf(engine)]
      for (const task of [one, other]) {
        await engine.effects.begin(task.effect("pay"), task.fence, nonce())
        await engine.effects.finish(task.effect("pay"), task.fence, JSON.stringify(task.run))
      }
      await engine.effects.forget(one.conversation, one.run)
      expect(await engine.effects.begin(one.effect("pay"), one.fence, nonce())).toEqual({ status: "fresh" })
      const kept = { status: "done", value: JSON.stringify(other.run) }
      expect(await engine.effects.begin(other.effect("pay"), other.fence, nonce())).toEqual(kept)
      await engine.effects.forget(freshId("nowhere"), "run")
    })

    test("[TOO1] any text is a key and a result", async () => {
      const { engine } = current()
      const { fence, effect } = await taskOf(engine)
      const key = `a b:c\n${"ключ".repeat(50)}`
      const value = JSON.stringify({ text: "日本\u0000\n", big: "x".repeat(60_000) })
      await engine.effects.begin(effect(key), fence, nonce())
      await engine.effects.finish(effect(key), fence, value)
      expect(await engine.effects.begin(effect(key), fence, nonce())).toEqual({ status: "done", value })
    })

    test("[TOO1] they are there after the engine was closed and opened again", async (context) => {
      const { engine, reopen } = current()
      if (!reopen) return context.skip()
      const { conversation, fence, effect } = await taskOf(engine)
      await engine.effects.begin(effect("pay"), fence, nonce())
      await engine.effects.begin(effect("book"), fence, nonce())
      await engine.effects.finish(effect("book"), fence, "7")
      await append(engine, conversation, ["between"])
      const again = await reopen()
      expect(await again.effects.begin(effect("pay"), fence, nonce())).toEqual({ status: "again" })
      expect(await again.effects.begin(effect("book"), fence, nonce())).toEqual({ status: "done", value: "7" })
    })
  })
}
