/**
 * Pages with the AI SDK's own `Chat` and `WebSocketChatTransport`, unmodified, in a process of their own, because they need a
 * newer Node than the tests. Commands come as lines of JSON; each page tells what it shows after every change.
 */
import { createInterface } from "node:readline"
import { Chat } from "@ai-sdk/react"
import { createClient, socketsOf } from "@everthread/client"
import { chatTransport, followMessages, mergeMessages } from "@everthread/client/ai-sdk"
import {
  lastAssistantMessageIsCompleteWithApprovalResponses,
  lastAssistantMessageIsCompleteWithToolCalls,
  readUIMessageStream,
  uiMessageChunkSchema,
  validateUIMessages,
  WebSocketChatTransport,
} from "ai"
import { WebSocket } from "ws"

const pages = new Map()
const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)

const automatic = {
  approvals: lastAssistantMessageIsCompleteWithApprovalResponses,
  tools: lastAssistantMessageIsCompleteWithToolCalls,
}

/** Counts what it sends, and leads to wherever the page is to connect now. */
function socketClass(page) {
  return class extends WebSocket {
    constructor(url, protocols) {
      const target = new URL(url)
      target.port = String(page.port)
      super(target, protocols)
      page.sockets.push(this)
    }
    send(data, ...rest) {
      page.sent.push(JSON.parse(String(data)))
      super.send(data, ...rest)
    }
  }
}

function stockTransport(page, { port, user, token, body, lastOnly }) {
  return new WebSocketChatTransport({
    url: `ws://127.0.0.1:${port}/compat/ai-sdk/ws${user ? `?user=${user}` : ""}`,
    webSocket: socketClass(page),
    ...(token?.subprotocol ? { protocols: ["everthread", token.subprotocol] } : {}),
    ...(token?.header ? { headers: () => ({ Authorization: `Bearer ${page.token ?? token.header}` }) } : {}),
    ...(body ? { body } : {}),
    ...(lastOnly ? { prepareSendMessagesRequest: ({ messages: all }) => ({ messages: all.slice(-1) }) } : {}),
  })
}

/** Every page has a client, and so a device, of its own. */
function ownTransport(page, { port, user, body }) {
  const url = `ws://127.0.0.1:${port}/v1`
  page.client = createClient({ url, user, device: page.name, socket: socketsOf(socketClass(page)) })
  return chatTransport(page.client, body)
}

function open({ page: name, chat: id, automatically, messages = [], own, merges, ...options }) {
  const page = { name, port: options.port, sockets: [], sent: [], data: [], finished: [] }
  const transport = own ? ownTransport(page, options) : stockTransport(page, options)
  page.chat = new Chat({
    id,
    transport,
    messages,
    onData: (part) => page.data.push(part),
    onFinish: ({ isAbort, isDisconnect, isError, finishReason }) => {
      page.finished.push({ isAbort, isDisconnect, isError, finishReason })
      showPage(page)
    },
    ...(automatically ? { sendAutomaticallyWhen: automatic[automatically] } : {}),
  })
  pages.set(name, page)
  const show = () => showPage(page)
  page.chat["~registerMessagesCallback"](show)
  page.chat["~registerStatusCallback"](show)
  page.chat["~registerErrorCallback"](show)
  if (merges) {
    followMessages(page.client, id, (logged) => {
      const isBusy = page.chat.status === "submitted" || page.chat.status === "streaming"
      page.chat.messages = mergeMessages(page.chat.messages, logged, isBusy)
    })
  }
  show()
}

/** A page that uses a hook of the guide, in the mode in which React does everything twice. */
async function mount({ page: name, port, chat: id, hook, user, token }) {
  const page = { name, port, sockets: [], sent: [], data: [], finished: [] }
  const { createElement, createRoot, document, guide, StrictMode, useEffect } = await documentParts()
  globalThis.WebSocket = socketClass(page)
  const address = `ws://127.0.0.1:${port}/compat/ai-sdk/ws${user && !token ? `?user=${user}` : ""}`
  const transports = {
    useSupportChat: () => (token ? guide.withToken(address, async () => token) : guide.stockTransport(address)),
    useSharedChat: () =>
      createClient({ url: `ws://127.0.0.1:${port}/v1`, user, device: name, socket: socketsOf(socketClass(page)) }),
  }
  const transport = transports[hook]()
  pages.set(name, page)
  await new Promise((mounted) => {
    const Probe = () => {
      page.chat = guide[hook](id, transport)
      showPage(page)
      useEffect(mounted, [])
      return null
    }
    page.root = createRoot(document.createElement("div"))
    page.root.render(createElement(StrictMode, null, createElement(Probe)))
  })
}

/** React looks for a document when it is loaded. */
async function documentParts() {
  const { Window } = await import("happy-dom")
  const window = new Window({ url: "http://localhost/" })
  const { document, HTMLElement, HTMLIFrameElement, Node, Event } = window
  Object.assign(globalThis, { window, document, HTMLElement, HTMLIFrameElement, Node, Event })
  const [{ createElement, StrictMode, useEffect }, { createRoot }, guide] = await Promise.all([
    import("react"),
    import("react-dom/client"),
    import("../guide.ts"),
  ])
  return { createElement, createRoot, document, guide, StrictMode, useEffect }
}

function showPage({ name, chat, sockets, sent, data, finished }) {
  const { messages, status, error } = chat
  tell({
    page: name,
    shown: { messages, status, error: error?.message, sockets: sockets.length, sent: sent.length, data, finished },
  })
}

/** What the AI SDK makes of streams of chunks: each is checked against its own schema. */
async function read({ streams }) {
  const schema = uiMessageChunkSchema()
  const messages = []
  for (const chunks of streams) {
    for (const chunk of chunks) {
      const checked = await schema.validate(chunk)
      if (!checked.success) throw new Error(`not a chunk: ${JSON.stringify(chunk)}`)
    }
    let last = null
    const stream = new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk)
        controller.close()
      },
    })
    for await (const message of readUIMessageStream({ stream, terminateOnError: true })) last = message
    messages.push(last)
  }
  return messages
}

const commands = {
  open,
  mount,
  unmount: ({ page }) => pages.get(page).root.unmount(),
  read,
  validate: ({ messages }) => validateUIMessages({ messages }),
  reach: ({ page, port }) => {
    pages.get(page).port = port
  },
  token: ({ page, token }) => {
    pages.get(page).token = token
  },
  drop: ({ page }) => pages.get(page).sockets.at(-1)?.terminate(),
  sent: ({ page }) => pages.get(page).sent,
  raw: ({ page, frame }) => pages.get(page).sockets.at(-1).send(frame),
  setMessages: ({ page, messages }) => {
    pages.get(page).chat.messages = messages
  },
  call: ({ page, method, args = [] }) => {
    void pages.get(page).chat[method](...args)
  },
  /** The same, until it is done. */
  async done({ page, method, args = [] }) {
    await pages.get(page).chat[method](...args)
  },
}

createInterface({ input: process.stdin }).on("line", async (line) => {
  const { id, command, ...rest } = JSON.parse(line)
  try {
    tell({ id, result: (await commands[command](rest)) ?? null })
  } catch (error) {
    tell({ id, error: String(error?.stack ?? error) })
  }
})
tell({ ready: true })
