/** What becomes of a call that is not simply answered: repeated, told as unavailable, or as unknown. */

import { EngineError } from "@everthread/engine"
import { systemClock } from "@everthread/protocol"
import { settled } from "../../../test/support/manual-clock.ts"
import { ServerError } from "../src/connection/server-error.ts"
import type { Call } from "../src/evaluate.ts"
import { scripts } from "../src/script.ts"
import { answering, failing, scriptedLink, storeOn, storeOver } from "./support/scripted.ts"

const harmless: Call = { script: scripts.fields, partition: 3, keys: ["key"], args: ["field"] }
const once: Call = { ...harmless, script: scripts.claim, args: [] }
const unknown = failing(new EngineError("unknown", "no answer"))
const unsent = failing(new EngineError("unavailable", "it is away"))
const refusing = (message: string) => failing(new ServerError(message))

/** Lets time pass until the call has ended. */
async function outcomeOf(under: ReturnType<typeof storeOver>, call: Call): Promise<unknown> {
  let outcome: unknown
  under.store.run(call).then(
    ({ list }) => {
      outcome = list
    },
    (error: unknown) => {
      outcome = error
    },
  )
  for (let turn = 0; turn < 200 && outcome === undefined; turn++) await under.clock.advance(10)
  return outcome
}

describe("what was refused was not done, and is tried again", () => {
  test.each(["TRYAGAIN x", "LOADING x", "BUSY x", "CLUSTERDOWN x", "MASTERDOWN x", "READONLY x"])("%s", async (no) => {
    const link = scriptedLink(1, refusing(no), refusing(no), answering("value"))
    const under = storeOver(link)
    expect(await outcomeOf(under, once)).toEqual(["value"])
    expect(link.asked).toHaveLength(3)
  })

  test("until the deadline: then it is unavailable, because nothing was done", async () => {
    const under = storeOver(scriptedLink(1, refusing("LOADING Redis is loading the dataset in memory")))
    expect(await outcomeOf(under, once)).toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/LOADING/),
    })
  })

  test("a server that may be a replica is a reason to look anew; a slot on its way is none", async () => {
    const under = storeOver(scriptedLink(1, refusing("READONLY x"), refusing("TRYAGAIN x"), answering()))
    await outcomeOf(under, once)
    expect(under.told).toEqual(["suspect"])
  })
})

describe("redirections", () => {
  test("MOVED is followed, and remembered for the partition", async () => {
    const there = scriptedLink(2, answering("there"))
    const under = storeOver(scriptedLink(1, refusing("MOVED 42 10.0.0.1:2")), there)
    expect(await outcomeOf(under, once)).toEqual(["there"])
    expect(under.told).toEqual(["moved 3 10.0.0.1:2"])
  })

  test("MOVED without a host means another port of the same one", async () => {
    const there = scriptedLink(2, answering("there"))
    expect(await outcomeOf(storeOver(scriptedLink(1, refusing("MOVED 42 :2")), there), once)).toEqual(["there"])
  })

  test("ASK is for one call: ASKING right before it, and again before the script's text", async () => {
    const there = scriptedLink(2, refusing("NOSCRIPT x"), answering("there"))
    const under = storeOver(scriptedLink(1, refusing("ASK 42 10.0.0.1:2")), there)
    expect(await outcomeOf(under, once)).toEqual(["there"])
    expect(there.asked).toEqual(["ASKING", "EVALSHA", "ASKING", "EVAL"])
    expect(under.told).toEqual([])
  })

  test("two servers at odds are not asked in a tight circle, and the call ends", async () => {
    const [one, two] = [
      scriptedLink(1, refusing("MOVED 42 10.0.0.1:2")),
      scriptedLink(2, refusing("MOVED 42 10.0.0.1:1")),
    ]
    expect(await outcomeOf(storeOver(one, two), once)).toMatchObject({ code: "unavailable" })
    expect(one.asked.length + two.asked.length).toBeLessThan(100)
  })

  test("to a server that nobody can reach: the topology is asked again", async () => {
    const link = scriptedLink(1, refusing("MOVED 42 10.0.0.1:9"), answering("here"))
    expect(await outcomeOf(storeOver(link), once)).toEqual(["here"])
  })
})

describe("what may have been done", () => {
  test("[STO7] is unknown at once where a repeat does harm", async () => {
    const link = scriptedLink(1, unknown, answering())
    expect(await outcomeOf(storeOver(link), once)).toMatchObject({ code: "unknown" })
    expect(link.asked).toEqual(["EVALSHA"])
  })

  test("[STO7] is asked again where it does none", async () => {
    expect(await outcomeOf(storeOver(scriptedLink(1, unknown, answering("value"))), harmless)).toEqual(["value"])
  })

  test.each([
    ["nobody can be asked any more", unsent],
    ["the server says LOADING until the deadline", refusing("LOADING x")],
    ["the server takes no writes now", refusing("OOM x")],
    ["the server refuses it now", refusing("ERR x")],
  ])("stays unknown when %s", async (_, later) => {
    expect(await outcomeOf(storeOver(scriptedLink(1, unknown, later)), harmless)).toMatchObject({ code: "unknown" })
  })

  test("[STO6] an answer to another request ends the connection, and is nobody's answer", async () => {
    const link = scriptedLink(1, async () => ["another nonce", "key", "another's words"])
    expect(await outcomeOf(storeOver(link), once)).toMatchObject({ code: "unknown" })
    expect(link.closedFor).toMatch(/answer to another/)
  })

  test.each([[["nonce"]], ["text of a list"], [null], [7], [{}]])("neither is %j", async (reply) => {
    expect(await outcomeOf(storeOver(scriptedLink(1, async () => reply)), once)).toMatchObject({ code: "unknown" })
  })
})

describe("without a connection", () => {
  test("a call waits for one, and is then unavailable with the reason", async () => {
    const under = storeOver()
    expect(under.status.current()).toEqual({ state: "unavailable", reason: "nobody is there" })
    expect(await outcomeOf(under, once)).toMatchObject({ code: "unavailable", message: "nobody is there" })
  })

  test("a call goes on as soon as there is one", async () => {
    const under = storeOver()
    const answer = under.store.run(once)
    await settled()
    under.route(scriptedLink(1, answering("value")))
    expect((await answer).list).toEqual(["value"])
    expect(under.status.current()).toEqual({ state: "ready" })
  })

  test("only so many calls wait, and closing ends them all", async () => {
    const under = storeOn(systemClock, [])
    const waiting = Array.from({ length: 32_768 }, () =>
      under.store.run(once).catch((error: EngineError) => error.code),
    )
    await expect(under.store.run(once)).rejects.toMatchObject({ code: "unavailable" })
    await under.store.close()
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(["closed"]))
  })
})

describe("when the engine closes", () => {
  test("[CON4] what is under way is finished, also where the server wants the script's text first", async () => {
    const link = scriptedLink(1, refusing("NOSCRIPT x"), answering("done"))
    const under = storeOver(link)
    const answer = under.store.run(once)
    await Promise.all([under.store.close(), expect(answer).resolves.toMatchObject({ list: ["done"] })])
    expect(link.asked).toEqual(["EVALSHA", "EVAL"])
  })
})

describe("a server that takes no writes", () => {
  test("is asked every second with a small one, until it takes it", async () => {
    const full = refusing("MISCONF disk")
    const link = scriptedLink(1, full, full, answering(), answering())
    const under = storeOver(link)
    expect(await outcomeOf(under, once)).toMatchObject({ code: "read-only" })
    expect(under.status.current()).toMatchObject({
      state: "read-only",
      reason: expect.stringMatching(/ takes no writes: MISCONF disk$/),
    })
    await under.clock.advance(1_000)
    expect(under.status.current().state).toBe("read-only")
    await under.clock.advance(1_000)
    expect(under.status.current()).toEqual({ state: "ready" })
    await under.clock.advance(10_000)
    expect(link.asked).toHaveLength(3)
  })

  test("is quoted without the place in our script where it said so", async () => {
    const place = `script: ${"0a".repeat(20)}, on @user_script:27.`
    const under = storeOver(scriptedLink(1, refusing(`OOM memory. ${place}`)))
    await outcomeOf(under, once)
    expect(under.status.current().reason).toMatch(/^Redis at \S+ takes no writes: OOM memory\.$/)
  })

  test("is asked by one probe, however many were refused", async () => {
    const link = scriptedLink(1, refusing("OOM memory"))
    const under = storeOver(link)
    await Promise.all(Array.from({ length: 5 }, () => outcomeOf(under, once)))
    const before = link.asked.length
    await under.clock.advance(1_000)
    expect(link.asked.length - before).toBe(1)
  })
})

test("a permission that is missing is named, and nothing is asked again", async () => {
  const link = scriptedLink(1, refusing("NOPERM this user has no permissions to run the 'evalsha' command"))
  expect(await outcomeOf(storeOver(link), once)).toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(/NOPERM.*docs\/redis\.md/),
  })
  expect(link.asked).toEqual(["EVALSHA"])
})
