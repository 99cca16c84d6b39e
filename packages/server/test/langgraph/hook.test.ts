/** LangChain's hook for React on a page of its own, against a node: what people see. */
import { SimulatedRun } from "../simple/support/simulated-agent.ts"
import { nodeForTests } from "../support/start-node.ts"
import { claimNext, fresh, stage } from "./support/nodes.ts"

const node = nodeForTests({ agents: ["scribe"] })
const { page: open } = stage(() => node().port)

describe.each(["websocket", "sse"] as const)("over %s", (transport) => {
  async function createdBy(user: string): Promise<string> {
    const thread = fresh()
    const device = await node().connect({ user })
    await device.must({ type: "create", key: "c", conversation: thread, agent: "scribe" })
    return thread
  }

  async function send(thread: string, user: string, text: string): Promise<void> {
    const device = await node().connect({ user })
    await device.must({ type: "send", key: fresh(), conversation: thread, text })
  }

  test("[LGR1] a page begins a thread, shows the answer as it comes, and is done", async () => {
    const thread = fresh()
    const page = await open({ thread, transport, user: "ada" })
    await page.settled()
    const submitted = page.submit("Tell me a story")
    await page.until(({ texts, stream }) => texts.length === 1 && stream.isLoading)
    const run = await claimNext(node(), thread)
    await run.begin(`${run.run}.0`)
    await run.say(`${run.run}.0`, 0, "Once ")
    await page.until(({ texts }) => texts[1] === "Once ")
    await run.say(`${run.run}.0`, 5, "upon a time")
    await run.finish(`${run.run}.0`, "Once upon a time")
    await run.end()
    await submitted
    await page.settled()
    expect(page.texts).toEqual(["Tell me a story", "Once upon a time"])
    expect(page.stream.error).toBeUndefined()
  })

  test("[LGR1] a page asks a second time in the same thread", async () => {
    const thread = fresh()
    const page = await open({ thread, transport, user: "ada" })
    await page.settled()
    for (const turn of [1, 2]) {
      const submitted = page.submit(`question ${turn}`)
      const run = await claimNext(node(), thread)
      await run.answer(`${run.run}.0`, "answer ", String(turn))
      await run.end()
      await submitted
      await page.settled()
    }
    expect(page.texts).toEqual(["question 1", "answer 1", "question 2", "answer 2"])
  })

  test("[LGR1] [LGR3] a page that only watches sees what others say and start, from the middle of a run on", async () => {
    const thread = await createdBy("ada")
    const watching = await open({ thread, transport, user: "bob" })
    await watching.settled()
    await send(thread, "ada", "Hello")
    await watching.until(({ texts }) => texts.length === 1)
    const run = await SimulatedRun.claim(node().engine, thread)
    await run.begin(`${run.run}.0`)
    await run.say(`${run.run}.0`, 0, "Good ")
    await watching.until(({ texts, stream }) => texts[1] === "Good " && stream.isLoading)
    const late = await open({ thread, transport, user: "cleo" })
    await late.until(({ texts }) => texts[1] === "Good ")
    await run.say(`${run.run}.0`, 5, "morning")
    for (const page of [watching, late]) await page.until(({ texts }) => texts[1] === "Good morning")
    await run.finish(`${run.run}.0`, "Good morning")
    await run.end()
    for (const page of [watching, late]) {
      await page.settled()
      expect(page.texts).toEqual(["Hello", "Good morning"])
    }
  })

  test("[LGR3] a page that is opened before anybody has begun the thread sees what others say there", async () => {
    const thread = fresh()
    const watching = await open({ thread, transport, user: "bob" })
    await watching.settled()
    const page = await open({ thread, transport, user: "ada" })
    await page.settled()
    const submitted = page.submit("Hello")
    const run = await claimNext(node(), thread)
    await run.answer(`${run.run}.0`, "Good morning")
    await run.end()
    await submitted
    await watching.until(({ texts }) => texts.length === 2)
    expect(watching.texts).toEqual(["Hello", "Good morning"])
  })

  test("[LGR3] a page that is opened after the run shows it, with what was said before and since", async () => {
    const thread = await createdBy("ada")
    await send(thread, "ada", "One")
    const first = await SimulatedRun.claim(node().engine, thread)
    await first.answer(`${first.run}.0`, "Uno")
    await first.end()
    await send(thread, "ada", "Two")
    const second = await SimulatedRun.claim(node().engine, thread)
    await second.answer(`${second.run}.0`, "Due")
    await second.end()
    const page = await open({ thread, transport, user: "bob" })
    await page.until(({ texts }) => texts.length === 4)
    await page.settled()
    expect(page.texts).toEqual(["One", "Uno", "Two", "Due"])
  })

  test("[LGR7] a page drops what a takeover takes back, and shows what the next attempt says", async () => {
    const thread = await createdBy("ada")
    const page = await open({ thread, transport, user: "bob" })
    await page.settled()
    await send(thread, "ada", "Hello")
    const dead = await SimulatedRun.claim(node().engine, thread)
    await dead.begin(`${dead.run}.0`)
    await dead.say(`${dead.run}.0`, 0, "Half an ans")
    await page.until(({ texts }) => texts[1] === "Half an ans")
    const alive = await SimulatedRun.claim(node().engine, thread, 2)
    await alive.rewind(2, `${alive.run}.0`)
    await page.until(({ texts }) => texts.length === 1)
    await alive.answer(`${alive.run}.1`, "A whole answer")
    await alive.end()
    await page.settled()
    expect(page.texts).toEqual(["Hello", "A whole answer"])
    const late = await open({ thread, transport, user: "cleo" })
    await late.until(({ texts }) => texts[1] === "A whole answer")
    await late.settled()
    expect(late.texts).toEqual(["Hello", "A whole answer"])
  })

  test("[LGR7] a page shows what was edited, and no longer what was redacted", async () => {
    const thread = await createdBy("ada")
    const ada = await node().connect({ user: "ada" })
    const said = await ada.must({ type: "send", key: "k1", conversation: thread, text: "Helo" })
    const run = await SimulatedRun.claim(node().engine, thread)
    await run.answer(`${run.run}.0`, "Hi")
    await run.end()
    const page = await open({ thread, transport, user: "bob" })
    await page.until(({ texts }) => texts.length === 2)
    await page.settled()
    await ada.must({ type: "edit", key: "k2", conversation: thread, message: said["ref"], text: "Hello" })
    await page.until(({ texts }) => texts[0] === "Hello")
    expect(page.texts).toEqual(["Hello", "Hi"])
    await ada.must({ type: "redact", key: "k3", conversation: thread, message: said["ref"] })
    await page.until(({ texts }) => texts.length === 1)
    expect(page.texts).toEqual(["Hi"])
  })

  test("[LGR1] a page stops the run for everybody, and what was said stays", async () => {
    // A thread of its own: it knows what it has begun as soon as it is told anything.
    const page = await open({ thread: null, transport, user: "ada" })
    await page.settled()
    void page.submit("Go on")
    await page.until(({ stream }) => stream.threadId !== null)
    const thread = page.stream.threadId ?? ""
    const run = await claimNext(node(), thread)
    await run.begin(`${run.run}.0`)
    await run.say(`${run.run}.0`, 0, "And on")
    await page.until(({ texts, created }) => texts[1] === "And on" && created.length === 1)
    await page.stream.stop()
    const bob = await node().connect({ user: "bob" })
    await bob.must({ type: "member.add", key: "m", conversation: thread, user: "bob" }).catch(() => undefined)
    await node()
      .engine.log.read(thread, "0-0", { entriesMax: 100, charsMax: 1e6 })
      .then((page) => {
        expect(page.status === "tail" && page.entries.some(({ body }) => body.includes('"run.stop"'))).toBe(true)
      })
    await run.end("stopped")
    await page.settled()
    expect(page.texts).toEqual(["Go on", "And on"])
  })

  test("[LGR5] a page is asked and answers; another page and a native device see the run go on", async () => {
    const thread = await createdBy("ada")
    const ada = await node().connect({ user: "ada" })
    const log = await ada.follow(thread)
    const page = await open({ thread, transport, user: "bob" })
    await page.settled()
    await send(thread, "ada", "May you?")
    const run = await SimulatedRun.claim(node().engine, thread)
    const time = 1_790_000_000_000
    await run.append({
      type: "input.requested",
      time,
      run: run.run,
      interrupt: `${run.run}-q`,
      value: { ask: "Sure?" },
    })
    await run.append({ type: "run.waiting", time, run: run.run })
    await page.until(({ stream }) => stream.interrupts.length === 1 && !stream.isLoading)
    expect(page.stream.interrupts[0]).toMatchObject({ id: `${run.run}-q`, value: { ask: "Sure?" } })
    const late = await open({ thread, transport, user: "cleo" })
    await late.until(({ stream }) => stream.interrupts.length === 1)
    await page.stream.respond({ sure: true })
    await ada.until("the answer", () => log.events.some(({ type }) => type === "input.responded"))
    expect(log.state.interrupts[0]?.answer).toMatchObject({ by: { user: "bob" }, value: { sure: true } })
    const answering = late.stream.respond({ sure: false }, { interruptId: `${run.run}-q` })
    await expect(answering).rejects.toThrow("Already answered by bob")
    await run.append({ type: "run.attempt", time, run: run.run, attempt: 2, node: "node-1" })
    await run.answer(`${run.run}.0`, "Then I may")
    await run.end()
    for (const one of [page, late]) {
      await one.until(({ texts }) => texts[1] === "Then I may")
      await one.settled()
    }
    expect(page.stream.interrupts).toEqual([])
  })
})
