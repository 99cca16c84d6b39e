/** Who reads slowly: an answer that has ended is told to its end, and is not kept for ever for somebody who never reads. */
import { once } from "node:events"
import { type IncomingMessage, request } from "node:http"
import { scrape } from "../support/scrape.ts"
import { nodeForTests } from "../support/start-node.ts"
import { claimNext, fresh, inputOf } from "./support/nodes.ts"

const node = nodeForTests({ agents: ["scribe"], metrics: {} })
const messageChars = 250_000

/** Asks for a run, and reads nothing of the answer so far. */
async function ask(thread: string): Promise<IncomingMessage> {
  const asking = request({ host: "127.0.0.1", port: node().port, path: "/compat/ag-ui", method: "POST", agent: false })
  asking.end(JSON.stringify(inputOf(thread, "Tell me", "m-1")))
  const [answer] = (await once(asking, "response")) as [IncomingMessage]
  return answer.pause()
}

/** Has the run say more than the kernel holds, and end. @returns how much it has said. */
async function sayMuch(thread: string): Promise<number> {
  const run = await claimNext(node(), thread)
  const waiting = async () => (await scrape(node().port)).value("everthread_outbox_bytes") ?? 0
  let said = 0
  for (let at = 0; (await waiting()) < 2 * messageChars; at++) {
    await run.answer(`${run.run}.${at}`, "x".repeat(messageChars))
    said += messageChars
  }
  await run.end()
  return said
}

test("[AGU4] [DLV3] an answer whose run has ended is told to its end, however slowly it is read", async () => {
  const thread = fresh()
  const answer = await ask(thread)
  const said = await sayMuch(thread)
  let text = ""
  for await (const part of answer.setEncoding("utf8")) text += part
  expect(text.split("x").length - 1).toBeGreaterThanOrEqual(said)
  expect(text).toMatch(/data: \{"type":"RUN_FINISHED"[^\n]*\n\n$/)
})
