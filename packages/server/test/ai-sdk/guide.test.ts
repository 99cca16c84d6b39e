/** The guide's snippets are the compiled ones, and do what the guide says: `useChat` itself, in React's strict mode. */
import { readFileSync } from "node:fs"
import { claimNext } from "../langgraph/support/nodes.ts"
import { twoNodes } from "../nodes/two-nodes.ts"
import { nodeForTests } from "../support/start-node.ts"
import { ask, eventsIn, until } from "./support/log.ts"
import { fresh, stage } from "./support/page.ts"

const secret = "a secret that is long enough for everybody"
const nodes = twoNodes({ agents: ["scribe"] })
const locked = nodeForTests({ agents: ["scribe"], secret })
const { mounted } = stage()

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8")

test("docs/ai-sdk.md shows the code that is compiled here", () => {
  const page = read("../../../../docs/ai-sdk.md")
  const shown = [...page.matchAll(/<!-- snippet: (\w+) -->\n```ts\n(.*?)\n```/gs)].map(([, name, code]) => [name, code])
  const regions = [...read("guide.ts").matchAll(/\/\/ #region (\w+)\n(.*?)\n\/\/ #endregion/gs)]
  expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(regions.map(([, name, code]) => [name, code])))
  expect(page.match(/```ts/g)).toHaveLength(regions.length)
})

test("[AIS1] [AIS3] a page that is left while an answer comes stops nothing, and finds it when it is opened again", async () => {
  const chat = fresh()
  const ada = await mounted({ port: nodes().a.port, chat, hook: "useSupportChat", user: "ada" })
  await ada.until(({ status }) => status === "ready")
  await ada.say("Tell me")
  const run = await claimNext(nodes().a, chat)
  await run.begin("a-1")
  await run.say("a-1", 0, "Once ")
  await ada.until(() => ada.texts[1] === "Once ")
  await ada.ask("unmount")
  const back = await mounted({ port: nodes().b.port, chat, hook: "useSupportChat", user: "ada" })
  await back.until(() => back.texts[0] === "Once ")
  await run.say("a-1", 5, "upon")
  await run.finish("a-1", "Once upon")
  await run.end()
  await back.until(({ status }) => status === "ready" && back.texts[0] === "Once upon")
  expect(await eventsIn(nodes().a.engine, chat, "run.stop")).toEqual([])
  await back.ask("unmount")
})

test("[AIS3] a page whose connection breaks goes on by itself", async () => {
  const chat = fresh()
  const ada = await mounted({ port: nodes().a.port, chat, hook: "useSupportChat", user: "ada" })
  await ada.say("Tell me")
  const run = await claimNext(nodes().a, chat)
  await run.begin("a-1")
  await run.say("a-1", 0, "Once ")
  await ada.until(() => ada.texts[1] === "Once ")
  await ada.ask("drop")
  await run.say("a-1", 5, "upon")
  await ada.until(() => ada.texts[1] === "Once upon")
  await run.finish("a-1", "Once upon")
  await run.end()
  await ada.until(({ status }) => status === "ready")
  await ada.ask("unmount")
})

test("[AIS6] a page that sends its token with every frame is who the token says", async () => {
  const chat = fresh()
  const token = await locked().token("ada")
  const ada = await mounted({ port: locked().port, chat, hook: "useSupportChat", token })
  await ada.say("Hi")
  await until(locked().engine, chat, "message")
  const run = await claimNext(locked(), chat)
  await ask(run, `${chat}-q`, "May I?")
  await ada.until(({ messages }) => messages.at(-1)?.parts.at(-1)?.state === "approval-requested")
  await ada.until(({ status }) => status === "ready")
  await ada.call("addToolApprovalResponse", { id: `${chat}-q`, approved: true })
  const [answer] = await until(locked().engine, chat, "input.responded")
  expect(answer).toMatchObject({ by: { user: "ada" }, value: true })
  await ada.ask("unmount")
})

test("[AIS7] a page on our own client shows what others say, as it is said", async () => {
  const chat = fresh()
  const ada = await mounted({ port: nodes().a.port, chat, hook: "useSharedChat", user: "ada" })
  await ada.say("One")
  const run = await claimNext(nodes().a, chat)
  const bob = await mounted({ port: nodes().b.port, chat, hook: "useSharedChat", user: "bob" })
  await run.begin("a-1")
  await run.say("a-1", 0, "The first")
  await bob.until(() => bob.texts.join("|") === "One|The first")
  await run.finish("a-1", "The first")
  await run.end()
  await bob.until(({ status }) => status === "ready")
  await bob.say("Two")
  await ada.until(() => ada.texts.join("|") === "One|The first|Two")
  const second = await claimNext(nodes().b, chat)
  await second.answer("a-2", "The second")
  await second.end()
  const all = "One|The first|Two|The second"
  await Promise.all(
    [ada, bob].map((page) => page.until(({ status }) => status === "ready" && page.texts.join("|") === all)),
  )
  await Promise.all([ada, bob].map((page) => page.ask("unmount")))
})
