/** What a run asks, as approvals and tools of the AI SDK's. */

import { claimNext } from "../langgraph/support/nodes.ts"
import { twoNodes } from "../nodes/two-nodes.ts"
import { SimulatedRun } from "../simple/support/simulated-agent.ts"
import { ask, eventsIn, toolFinished, until } from "./support/log.ts"
import { fresh, type Page, stage } from "./support/page.ts"

const nodes = twoNodes({ agents: ["scribe"] })
const { page } = stage()

const hitl = { actionRequests: [{ name: "look_up", args: { city: "Bern" }, description: "Look up Bern?" }] }

/** A run that called a tool and waits for somebody to allow it. */
async function waiting(
  value: Parameters<typeof ask>[2],
  more: object = {},
  automatically: "approvals" | "tools" = "approvals",
) {
  const chat = fresh()
  const ada = await page({ port: nodes().a.port, chat, user: "ada", automatically })
  await ada.say("How is the weather?")
  const run = await claimNext(nodes().b, chat)
  await run.callTool("a-1")
  await ask(run, `${chat}-q`, value, more)
  await ada.until(({ finished }) => finished.length === 1)
  expect(ada.shown.status).toBe("ready")
  return { chat, ada, run, question: `${chat}-q` }
}

const last = ({ messages }: Page) => messages.at(-1)?.parts.at(-1)
const again = (chat: string) => SimulatedRun.claim(nodes().b.engine, chat, 2)

test("[AIS4] LangChain's approval of a tool is the approval of the call that the page shows", async () => {
  const { chat, ada, question } = await waiting(hitl)
  const call = { type: "tool-look_up", toolCallId: "call-1", state: "approval-requested" }
  expect(last(ada)).toMatchObject({ ...call, approval: { id: question, requestReason: "Look up Bern?" } })
  await ada.call("addToolApprovalResponse", { id: question, approved: true })
  const [answer] = await until(nodes().a.engine, chat, "input.responded")
  expect(answer).toMatchObject({ by: { user: "ada" }, value: { decisions: [{ type: "approve" }] } })
  const goesOn = await again(chat)
  await toolFinished(goesOn, "call-1", "Rain")
  await goesOn.answer("a-2", "It rains.")
  await goesOn.end()
  await ada.until(({ finished }) => finished.length === 2)
  const [, tool, text] = ada.messages[1]?.parts ?? []
  expect(tool).toMatchObject({ ...call, state: "output-available", output: "Rain", approval: { approved: true } })
  expect(text).toMatchObject({ type: "text", text: "It rains." })
  expect(ada.messages).toHaveLength(2)
  expect(ada.shown.sent).toBe(2)
})

test("[AIS4] a no comes with its reason, and nothing is sent by itself afterwards", async () => {
  const { chat, ada, question } = await waiting(hitl)
  await ada.call("addToolApprovalResponse", { id: question, approved: false, reason: "Too dear." })
  const [answer] = await until(nodes().a.engine, chat, "input.responded")
  expect(answer?.value).toEqual({ decisions: [{ type: "reject", message: "Too dear." }] })
  const goesOn = await again(chat)
  await goesOn.answer("a-2", "Then not.")
  await goesOn.end()
  await ada.until(({ finished }) => finished.length === 2)
  expect(ada.messages[1]?.parts[1]).toMatchObject({
    state: "output-denied",
    approval: { approved: false, reason: "Too dear." },
  })
  expect(ada.shown).toMatchObject({ status: "ready", sent: 2 })
})

test("[AIS4] a question about one action is the approval of that call, and is answered with a yes or a no", async () => {
  const action = { name: "look_up", args: { city: "Bern" } }
  const { chat, ada, question } = await waiting({ question: "Do you approve this?", actions: [action] })
  const call = { type: "tool-look_up", toolCallId: "call-1", state: "approval-requested" }
  expect(last(ada)).toMatchObject({ ...call, approval: { id: question, requestReason: "Do you approve this?" } })
  await ada.call("addToolApprovalResponse", { id: question, approved: true })
  const [answer] = await until(nodes().a.engine, chat, "input.responded")
  expect(answer?.value).toBe(true)
})

test("[AIS4] a bare question is a tool of its own; a no is false, which no graph takes for a yes", async () => {
  const { chat, ada, question } = await waiting({ question: "May I?" })
  const part = { type: "dynamic-tool", toolName: "question", state: "approval-requested", toolCallId: question }
  expect(last(ada)).toMatchObject({
    ...part,
    input: { value: { question: "May I?" } },
    approval: { requestReason: "May I?" },
  })
  await ada.call("addToolApprovalResponse", { id: question, approved: false })
  const [answer] = await until(nodes().a.engine, chat, "input.responded")
  expect(answer?.value).toBe(false)
})

test("[AIS4] [ASK1] a question whose schema takes no yes is answered as a tool's output, and a misfit is told", async () => {
  const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] }
  const { chat, ada, question } = await waiting({ question: "Where?" }, { schema }, "tools")
  expect(last(ada)).toMatchObject({ state: "input-available", input: { schema } })
  await ada.call("addToolOutput", { tool: "question", toolCallId: question, output: { city: 7 } })
  await ada.until(({ error }) => error !== undefined)
  expect(ada.shown.error).toMatch(/^value\.city: /)
  await ada.call("addToolOutput", { tool: "question", toolCallId: question, output: { city: "Bern" } })
  const [answer] = await until(nodes().a.engine, chat, "input.responded")
  expect(answer?.value).toEqual({ city: "Bern" })
  const goesOn = await again(chat)
  await goesOn.answer("a-2", "In Bern.")
  await goesOn.end()
  await ada.until(({ status }) => status === "ready" && ada.texts[1] === "In Bern.")
  const asked = ada.messages[1]?.parts.find(({ type }) => type === "dynamic-tool")
  expect(asked).toMatchObject({ state: "output-available", output: { value: { city: "Bern" }, by: "ada" } })
})

test("[AIS4] [RUN5] who answers late is told who was first, and sees it when the page resumes", async () => {
  const { chat, ada, question } = await waiting(hitl)
  const bob = await page({ port: nodes().b.port, chat, user: "bob", automatically: "approvals" })
  await bob.done("resumeStream")
  expect(last(bob)).toMatchObject({ state: "approval-requested" })
  await ada.call("addToolApprovalResponse", { id: question, approved: true })
  await until(nodes().a.engine, chat, "input.responded")
  await bob.call("addToolApprovalResponse", { id: question, approved: false })
  await bob.until(({ error }) => error !== undefined)
  expect(bob.shown.error).toBe("Already answered by ada; the first answer counts.")
  const goesOn = await again(chat)
  await bob.call("resumeStream")
  await bob.until(() => last(bob)?.state === "approval-responded" && last(bob)?.approval?.approved === true)
  await goesOn.answer("a-2", "It rains.")
  await goesOn.end()
  await bob.until(({ status }) => status === "ready" && bob.texts[0] === "It rains.")
  expect((await eventsIn(nodes().a.engine, chat, "input.responded")).map(({ by }) => by?.user)).toEqual(["ada"])
})

test("[AIS4] an answer that is given twice is one answer, and the page goes on", async () => {
  const { chat, ada, question } = await waiting(hitl)
  await ada.call("addToolApprovalResponse", { id: question, approved: true })
  await until(nodes().a.engine, chat, "input.responded")
  await ada.ask("drop")
  await ada.until(({ error }) => error !== undefined)
  // Without words it sends the message that it has answered once more.
  await ada.call("sendMessage")
  const goesOn = await again(chat)
  await goesOn.answer("a-2", "It rains.")
  await goesOn.end()
  await ada.until(({ status }) => status === "ready" && ada.texts[1] === "It rains.")
  expect(await eventsIn(nodes().a.engine, chat, "input.responded")).toHaveLength(1)
})

test("[AIS4] several approvals are one answer, and it is given when all of them are", async () => {
  const chat = fresh()
  const ada = await page({ port: nodes().a.port, chat, user: "ada", automatically: "approvals" })
  await ada.say("Do it")
  const run = await claimNext(nodes().b, chat)
  await run.callTool("a-1")
  await run.callTool("a-2")
  await run.callTool("a-3")
  const action = hitl.actionRequests[0] as (typeof hitl.actionRequests)[number]
  await ask(run, "both", { actionRequests: [action, action] })
  await ada.until(({ finished }) => finished.length === 1)
  const tools = ada.messages[1]?.parts.slice(1) ?? []
  // The third needs nobody, and says so: the page sends when all are answered.
  expect(tools.map(({ state }) => state)).toEqual(["approval-requested", "approval-requested", "approval-responded"])
  await ada.done("sendMessage")
  expect(ada.shown.error).toMatch(/^messages\.1: .* answers nothing that is open here/)
  await ada.done("addToolApprovalResponse", { id: "both~0", approved: true })
  await ada.done("sendMessage")
  expect(ada.shown.error).toMatch(/^messages\.1\.parts: .*answer all of them/)
  await ada.done("addToolApprovalResponse", { id: "both~1", approved: false })
  const [answer] = await until(nodes().a.engine, chat, "input.responded")
  expect(answer?.value).toEqual({ decisions: [{ type: "approve" }, { type: "reject" }] })
})
