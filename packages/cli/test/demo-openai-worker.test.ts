/** The demo through the worker, against a server that is as strict about messages as OpenAI's is. */
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { Harness, runOf, saidIn } from "../../agent/test/support/harness.ts"
import { demoGraph } from "../src/demo/agent.ts"
import { bodyOf, chunk } from "./openai-frames.ts"

interface Message {
  readonly role: string
  readonly content: unknown
  readonly tool_calls?: readonly object[]
}

let server: Server
let requests: { readonly messages: readonly Message[] }[]

beforeEach(async () => {
  requests = []
  server = createServer(async (request, response) => {
    const chat = JSON.parse(await bodyOf(request)) as { readonly messages: readonly Message[] }
    requests.push(chat)
    if (chat.messages.some(({ content }) => Array.isArray(content) && content.length === 0)) {
      response.writeHead(400, { "content-type": "application/json" })
      response.end(JSON.stringify({ error: { message: "Expected an array with minimum length 1", type: "invalid" } }))
      return
    }
    response.writeHead(200, { "content-type": "text/event-stream" })
    const wantsTool = chat.messages.at(-1)?.role === "user" && requests.length === 1
    const call = {
      index: 0,
      id: "call_1",
      type: "function",
      function: { name: "calculator", arguments: '{"expression":"2+2"}' },
    }
    response.write(chunk(wantsTool ? { tool_calls: [call] } : { content: "It is 4." }, null))
    response.end(`${chunk({}, wantsTool ? "tool_calls" : "stop")}data: [DONE]\n\n`)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

test("a message that only calls tools goes back to the model in a shape that it takes, in this turn and the next", async () => {
  const { port } = server.address() as AddressInfo
  const h = await Harness.open()
  try {
    const conversation = await h.conversation()
    const env = { OPENAI_API_KEY: "key", OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`, OPENAI_MODEL: "m" }
    await h.worker({ agent: demoGraph(env) })
    const first = await h.ask(conversation, "2+2")
    const state = await h.ended(conversation, first)
    expect(runOf(state, first)).toMatchObject({ status: "completed" })
    expect(saidIn(state, first)).toEqual(["", "It is 4."])
    const second = await h.ask(conversation, "thank you")
    expect(runOf(await h.ended(conversation, second), second)).toMatchObject({ status: "completed" })
    const contents = requests.at(-1)?.messages.map(({ content }) => content)
    expect(contents?.every((content) => typeof content === "string")).toBe(true)
    expect(requests).toHaveLength(3)
  } finally {
    await h.close()
  }
})
