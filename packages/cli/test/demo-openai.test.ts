/** The demo's other path: a local server that streams chat completions as OpenAI's API does. */
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { HumanMessage } from "@langchain/core/messages"
import { MemorySaver } from "@langchain/langgraph"
import { demoGraph } from "../src/demo/agent.ts"
import { bodyOf, chunk } from "./openai-frames.ts"

type Delta = { content?: string; tool_calls?: object[] }
interface ChatRequest {
  readonly stream: boolean
  readonly tools: { readonly function: { readonly name: string } }[]
  readonly messages: { readonly role: string; readonly content: unknown; readonly name?: string }[]
}

const call = (fields: object) => ({ tool_calls: [{ index: 0, ...fields }] })
const toolCall: Delta[] = [
  { content: "Let me " },
  { content: "see." },
  call({ id: "call_1", type: "function", function: { name: "calculator", arguments: "" } }),
  call({ function: { arguments: '{"expres' } }),
  call({ function: { arguments: 'sion":"6*7"}' } }),
]

let server: Server
let requests: ChatRequest[]
let status = 200

beforeEach(async () => {
  requests = []
  status = 200
  server = createServer(async (request, response) => {
    const chat = JSON.parse(await bodyOf(request)) as ChatRequest
    requests.push(chat)
    if (status !== 200) {
      response.writeHead(status, { "content-type": "application/json" })
      response.end(JSON.stringify({ error: { message: "Incorrect API key provided", type: "invalid_request_error" } }))
      return
    }
    const isAfterTool = chat.messages.at(-1)?.role === "tool"
    const deltas: Delta[] = isAfterTool ? [{ content: "It is " }, { content: "42." }] : toolCall
    response.writeHead(200, { "content-type": "text/event-stream" })
    for (const delta of deltas) response.write(chunk(delta, null))
    response.end(`${chunk({}, isAfterTool ? "stop" : "tool_calls")}data: [DONE]\n\n`)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

function onlineGraph() {
  const { port } = server.address() as AddressInfo
  const graph = demoGraph({ OPENAI_API_KEY: "key", OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`, OPENAI_MODEL: "m" })
  graph.checkpointer = new MemorySaver()
  return graph
}

const input = { messages: [new HumanMessage({ content: "what is 6*7?", name: "ada" })] }

test("with a key it streams the model's words and uses the tools the model asks for", async () => {
  const config = { configurable: { thread_id: "t" }, version: "v3" as const }
  const stream = await onlineGraph().streamEvents(input, config)
  const words: string[] = []
  const tools: unknown[] = []
  for await (const { method, params } of stream) {
    const data = params.data as { event?: string; delta?: { type: string; text?: string }; output?: unknown }
    if (method === "messages" && data.delta?.type === "text-delta") words.push(data.delta.text ?? "")
    if (method === "tools" && data.event === "tool-finished") tools.push(data.output)
  }
  expect(words).toEqual(["Let me ", "see.", "It is ", "42."])
  expect(JSON.stringify(tools)).toContain('"content":"42"')
  expect(requests.map(({ stream: isStream }) => isStream)).toEqual([true, true])
  expect(requests[0]?.tools.map((tool) => tool.function.name)).toEqual(["calculator", "clock", "book_table"])
  expect(requests[0]?.messages.map(({ role }) => role)).toEqual(["system", "user"])
  expect(requests[0]?.messages[1]).toMatchObject({ content: "what is 6*7?", name: "ada" })
  expect(requests[1]?.messages.at(-1)).toMatchObject({ role: "tool", content: "42" })
})

test("a refused key fails the run, without trying again and again", async () => {
  status = 401
  await expect(onlineGraph().invoke(input, { configurable: { thread_id: "t" } })).rejects.toThrow(/API key/)
  expect(requests).toHaveLength(1)
})
