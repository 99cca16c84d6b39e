/** The protocol as an AsyncAPI 3.0 document: one WebSocket, and what either side may send on it. (SPEC PRO2) */
import { errorRules } from "../../errors.ts"
import { protocolVersion } from "../../version.ts"
import { describe, downFrames, upFrames } from "./definitions.ts"

type Document = { readonly [key: string]: unknown }

const messages = [...Object.keys(upFrames), ...Object.keys(downFrames)]
const reference = (path: string) => ({ $ref: `#/${path}` })

/** AsyncAPI's own schemas are a superset of JSON Schema draft 7. */
export function protocolAsyncApi(): Document {
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Everthread's native protocol",
      version: `${protocolVersion}.0.0`,
      description: "Conversations that many people share with an agent, over one WebSocket. See docs/protocol.md.",
      license: { name: "MIT" },
    },
    defaultContentType: "application/json",
    servers: { local: { host: "127.0.0.1:8765", protocol: "ws", description: "A node on this machine." } },
    channels: { connection: channel() },
    operations: {
      receive: operation("receive", "What a client may send; the first frame is a hello.", upFrames),
      send: operation("send", "What the server sends; the first frame is a welcome.", downFrames),
    },
    components: {
      messages: Object.fromEntries(messages.map((name) => [name, message(name)])),
      schemas: describe("draft-7", "#/components/schemas/"),
    },
  }
}

function channel(): Document {
  return {
    address: "/v1",
    title: "One WebSocket",
    description: `Text frames, one JSON object each. Errors carry one of: ${Object.keys(errorRules).join(", ")}.`,
    messages: Object.fromEntries(messages.map((name) => [name, reference(`components/messages/${name}`)])),
    bindings: { ws: { method: "GET" } },
  }
}

function operation(action: "send" | "receive", summary: string, frames: object): Document {
  return {
    action,
    summary,
    channel: reference("channels/connection"),
    messages: Object.keys(frames).map((name) => reference(`channels/connection/messages/${name}`)),
  }
}

function message(name: string): Document {
  return { name, title: name.slice(name.indexOf(".") + 1), payload: reference(`components/schemas/${name}`) }
}
