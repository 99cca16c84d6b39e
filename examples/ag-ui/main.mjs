/** A chat in the terminal with AG-UI's own agent. */
import { randomUUID } from "node:crypto"
import { createInterface } from "node:readline"
import { setTimeout as pause } from "node:timers/promises"
import { HttpAgent } from "@ag-ui/client"

// The one line that changed: it was the address of an agent of one's own.
const url = "http://127.0.0.1:8765/compat/ag-ui"

const [threadId = "ag-ui", user = "ada"] = process.argv.slice(2)
const agent = new HttpAgent({ url, threadId, headers: { "x-everthread-user": user } })

// When a connection breaks, the stock client leaves a rejection behind besides the one that it gives.
process.on("unhandledRejection", () => {})

/** Asks until it is told the end: repeated, a message is still one message and one run. */
async function run(parameters = {}) {
  let isCutOff = false
  try {
    await agent.runAgent(parameters, {
      onRunErrorEvent({ event }) {
        isCutOff = event.code === "draining"
        if (!isCutOff) console.log(`(${event.message})`)
      },
    })
  } catch (error) {
    // Without a status the connection broke; with one the server has said why not.
    const { status = 503, message } = error
    isCutOff = status === 429 || status === 503
    if (!isCutOff) console.log(`(${message})`)
  }
  if (!isCutOff) return
  await pause(1_000)
  await run(parameters)
}

const shown = new Set()

/** What is new: the agent's messages have all that the conversation has, also after a request that broke off. */
function show() {
  for (const { id, role, name = role, content, toolCalls = [] } of agent.messages) {
    if (shown.has(id)) continue
    shown.add(id)
    if (content && role !== "user") console.log(`${name}: ${content}`)
    for (const call of toolCalls) console.log(`${name}: ${call.function.name} ${call.function.arguments}`)
  }
}

function ask(words) {
  process.stdout.write(words)
}

/** Answers what the agent asks, or else says something new. */
async function say(content) {
  const resume = agent.pendingInterrupts.map(({ id }) => ({ interruptId: id, status: "resolved", payload: content }))
  if (resume.length === 0) agent.addMessage({ id: randomUUID(), role: "user", content })
  await run(resume.length > 0 ? { resume } : {})
  show()
}

ask(`${user}: `)
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== "") await say(line)
  ask(`${agent.pendingInterrupts[0]?.message ?? user}: `)
}
