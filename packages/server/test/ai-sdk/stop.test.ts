/** What stops a run, and what does not. */
import { claimNext } from "../langgraph/support/nodes.ts"
import { twoNodes } from "../nodes/two-nodes.ts"
import { eventsIn, until } from "./support/log.ts"
import { fresh, stage } from "./support/page.ts"

const nodes = twoNodes({ agents: ["scribe"] })
const { page } = stage()

async function speaking() {
  const chat = fresh()
  const ada = await page({ port: nodes().a.port, chat, user: "ada" })
  await ada.say("Tell me")
  const run = await claimNext(nodes().b, chat)
  await run.begin("a-1")
  await run.say("a-1", 0, "Once ")
  await ada.until(() => ada.texts[1] === "Once ")
  return { chat, ada, run }
}

test("[AIS3] [RUN4] stop ends the run for everybody, and keeps what was said", async () => {
  const { chat, ada, run } = await speaking()
  const bob = await page({ port: nodes().b.port, chat, user: "bob" })
  await bob.call("resumeStream")
  await bob.until(() => bob.texts[0] === "Once ")
  await ada.call("stop")
  const [stop] = await until(nodes().a.engine, chat, "run.stop")
  expect(stop).toMatchObject({ run: run.run, by: { user: "ada", device: "ai-sdk" } })
  await run.end("stopped")
  await bob.until(({ finished }) => finished.length > 0)
  expect(bob.texts).toEqual(["Once "])
  expect(bob.shown.finished).toMatchObject([{ finishReason: "interrupted", isError: false }])
  expect(ada.texts).toEqual(["Tell me", "Once "])
})

test("[AIS3] who has resumed a run may stop it, too", async () => {
  const { chat, run } = await speaking()
  const bob = await page({ port: nodes().b.port, chat, user: "bob" })
  await bob.call("resumeStream")
  await bob.until(() => bob.texts[0] === "Once ")
  await bob.call("stop")
  const [stop] = await until(nodes().a.engine, chat, "run.stop")
  expect(stop).toMatchObject({ run: run.run, by: { user: "bob" } })
})

test("[AIS3] a stop before the run has begun takes it out of the queue", async () => {
  const { chat, ada } = await speaking()
  const bob = await page({ port: nodes().b.port, chat, user: "bob" })
  await bob.say("Me too")
  const queued = await until(nodes().a.engine, chat, "run.queued", 2)
  await bob.call("stop")
  const [stop] = await until(nodes().a.engine, chat, "run.stop")
  expect(stop?.run).toBe(queued[1]?.run)
  expect(ada.shown.status).toBe("streaming")
})

test("[AIS3] resuming twice at once, as React's development mode does, stops nothing", async () => {
  const { chat, run } = await speaking()
  const bob = await page({ port: nodes().b.port, chat, user: "bob" })
  await bob.call("resumeStream")
  await bob.until(() => bob.texts[0] === "Once ")
  // The second one lets go of the first, in the very frame that a stop is.
  await bob.call("resumeStream")
  await bob.until(({ sent }) => sent >= 3)
  expect((await bob.ask<{ type: string }[]>("sent")).map(({ type }) => type)).toEqual(["resume", "abort", "resume"])
  await run.say("a-1", 5, "upon")
  await bob.until(() => bob.texts[0] === "Once upon")
  await run.finish("a-1", "Once upon")
  await run.end()
  await bob.ready()
  expect(await eventsIn(nodes().a.engine, chat, "run.stop")).toEqual([])
})
