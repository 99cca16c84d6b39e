/** The end of an engine: what was accepted is finished, and nothing is accepted any more. */
import { startCursor } from "@everthread/protocol"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Engine } from "../engine.ts"
import {
  append,
  beginConversation,
  body,
  type EngineUnderTest,
  engineForEachTest,
  mustBe,
  nonce,
  type OpenEngine,
  upTo,
} from "./under-test.ts"

const device = { user: "ada", device: "phone", node: "node-a" }
const fence = { number: 1, nonce: "fenceNonce" }
const silent = { appended() {}, ephemeral() {}, missed() {} }

/** One call of every operation of every port. */
const everyOperation: Record<string, (engine: Engine) => Promise<unknown>> = {
  create: ({ log }) => log.create({ conversation: "c", nonce: nonce(), bodies: [body("a")], members: [] }),
  append: ({ log }) => log.append({ conversation: "c", nonce: nonce(), bodies: [body("a")] }),
  read: ({ log }) => log.read("c", startCursor, upTo(10)),
  head: ({ log }) => log.head("c"),
  snapshot: ({ log }) => log.snapshot("c"),
  compact: ({ log }) =>
    log.compact({ conversation: "c", snapshot: { cursor: "1-abcdefgh", state: "" }, archive: [], trimThrough: 0 }),
  archived: ({ log }) => log.archived("c", 1, 10),
  value: ({ log }) => log.value("c", "name"),
  repeated: ({ log }) => log.repeated("c", "key"),
  listen: ({ log }) => log.listen("c", silent),
  publish: ({ log }) => log.publish("c", "{}"),
  role: ({ directory }) => directory.role("c", "ada"),
  members: ({ directory }) => directory.members("c"),
  conversations: ({ directory }) => directory.conversations("ada"),
  beat: ({ leases }) => leases.beat("node-a"),
  beats: ({ leases }) => leases.beats(["node-a"]),
  leave: ({ leases }) => leases.leave("node-a"),
  claim: ({ leases }) => leases.claim({ conversation: "c", run: "r", node: "n", nonce: nonce(), instead: undefined }),
  release: ({ leases }) => leases.release("c", fence),
  openRuns: ({ leases }) => leases.openRuns(),
  settle: ({ leases }) => leases.settle("c", "r", 1),
  enter: ({ presence }) => presence.enter("c", device),
  "leave presence": ({ presence }) => presence.leave("c", device),
  present: ({ presence }) => presence.present("c"),
  "open session": ({ sessions }) => sessions.open("ada", "phone", "s", 0, 1_000),
  touch: ({ sessions }) => sessions.touch("ada", "phone", 0, 1_000, new Map()),
}

export function closingContract(open: OpenEngine): void {
  describe("closing", () => {
    const current = engineForEachTest(open)

    test("[CON4] what was under way is finished, and closing twice is closing once", async (context) => {
      const { engine, reopen } = current()
      if (!reopen) return context.skip()
      const conversation = await beginConversation(engine)
      const appends = Array.from({ length: 20 }, (_, index) => append(engine, conversation, [`m${index}`]))
      await Promise.all([engine.close(), engine.close()])
      const results = await Promise.all(appends)
      const last = Math.max(...results.map((result) => mustBe(result, "appended").seq))
      const again = await reopen()
      expect(await again.log.head(conversation)).toMatch(new RegExp(`^${last}-`))
    })

    test("[CON4] an engine that serves says so", () => {
      const { engine } = current()
      expect(engine.status()).toEqual({ state: "ready" })
      expect(engine.description).not.toBe("")
    })
  })

  describe("an engine that was closed", () => {
    let closed: EngineUnderTest
    beforeAll(async () => {
      closed = await open()
      await closed.engine.close()
    })
    afterAll(() => closed.close())

    test.each(Object.entries(everyOperation))("[CON4] refuses %s as closed", async (_, operate) => {
      await expect(operate(closed.engine)).rejects.toMatchObject({ name: "EngineError", code: "closed" })
    })
  })
}
