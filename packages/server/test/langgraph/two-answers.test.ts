/** One person with two pages, which are one device: the first answer counts, and the other page is told so. */
import { nodeForTests, type TestNode } from "../support/start-node.ts"
import { claimNext, fresh } from "./support/nodes.ts"

const node = nodeForTests({ agents: ["scribe"] })
const time = 1_790_000_000_000

const post = (path: string, body: object) =>
  fetch(`http://127.0.0.1:${node().port}${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "x-everthread-user": "ada" },
  })

/** A thread whose agent asks something, under the id `q`. */
async function asked(current: TestNode): Promise<string> {
  const thread = fresh()
  const params = { input: { messages: ["Ask me"] }, assistant_id: "scribe" }
  await post(`/threads/${thread}/commands`, { id: 1, method: "run.start", params })
  const run = await claimNext(current, thread)
  await run.append(
    { type: "input.requested", time, run: run.run, interrupt: "q", value: "?" },
    { type: "run.waiting", time, run: run.run },
  )
  return thread
}

const respond = async (thread: string, response: number) => {
  const answer = await post(`/threads/${thread}/commands`, {
    id: 1,
    method: "input.respond",
    params: { interrupt_id: "q", response },
  })
  return (await answer.json()) as object
}

const resume = async (threadId: string, payload: number) => {
  const answers = [{ interruptId: "q", status: "resolved", payload }]
  const answer = await post("/compat/ag-ui", { threadId, runId: "r", messages: [], resume: answers })
  if (answer.status !== 200) return (await answer.json()) as object
  await answer.body?.cancel()
  return { type: "success" }
}

test.each([
  ["LGR5", respond],
  ["AGU6", resume],
] as const)(
  "[%s] [RUN5] the same answer once more is a repeat; another one is late, and told who was first",
  async (_, say) => {
    const thread = await asked(node())
    expect(await say(thread, 4)).toMatchObject({ type: "success" })
    expect(await say(thread, 4)).toMatchObject({ type: "success" })
    const late = await say(thread, 5)
    expect(late).toMatchObject({ code: "already_answered", message: expect.stringContaining("ada") })
  },
)
