/**
 * The last human message of a run's input, in whichever way LangChain's clients write it: as a plain object, as what
 * `JSON.stringify` makes of their classes, as a pair of role and content, or as a bare text.
 *
 * It reads shapes; how long a text or an id may be is for whoever takes them to say.
 */

/** What a client wrote, before anything of it is checked but its shape. */
export type ReadHuman =
  | {
      readonly ok: true
      /** Where in the input it stands. */
      readonly field: string
      readonly text: string
      /** The client's own id of it; without one a repeat of the command is another message. */
      readonly id: unknown
    }
  | { readonly ok: false; readonly field: string; readonly reason: string }

type Fields = { readonly [field: string]: unknown }

/** What a page sends that carries the whole history along, as some do. */
const messagesMax = 10_000
const humanRoles = new Set(["human", "user", "HumanMessage", "HumanMessageChunk"])

export function readHuman(input: unknown): ReadHuman {
  if (!isFields(input)) return wrong("input", "it takes an object whose messages end with a human's message")
  const list = listOf(input["messages"])
  if (list.length > messagesMax) return wrong("input.messages", `it may have at most ${messagesMax} messages`)
  const field = `input.messages.${list.length - 1}`
  const last = list.at(-1)
  const message = last === undefined ? undefined : partsOf(last)
  if (!message || !humanRoles.has(message.role)) {
    return wrong("input.messages", "the last message has to be a human's; the thread has the others already")
  }
  const text = textOf(message.content)
  if (text === undefined) return wrong(`${field}.content`, "it takes a text, or blocks of type text")
  return { ok: true, field, text, id: message.id }
}

/** A single message, or a text, stands for a list of one. */
function listOf(messages: unknown): readonly unknown[] {
  if (messages === undefined || messages === null) return []
  const isPair = Array.isArray(messages) && typeof messages[0] === "string" && humanRoles.has(messages[0])
  return Array.isArray(messages) && !isPair ? messages : [messages]
}

interface Parts {
  readonly role: string
  readonly content: unknown
  readonly id: unknown
}

function partsOf(message: unknown): Parts | undefined {
  if (typeof message === "string") return { role: "human", content: message, id: undefined }
  if (Array.isArray(message)) return { role: String(message[0]), content: message[1], id: undefined }
  if (!isFields(message)) return undefined
  const { lc, kwargs, id } = message
  if (lc !== undefined && isFields(kwargs) && Array.isArray(id)) {
    return { role: String(id.at(-1)), content: kwargs["content"], id: kwargs["id"] }
  }
  return { role: String(message["type"] ?? message["role"]), content: message["content"], id }
}

function textOf(content: unknown): string | undefined {
  if (typeof content === "string") return content
  if (!Array.isArray(content)) return undefined
  const texts = content.map((block: unknown) => {
    if (typeof block === "string") return block
    return isFields(block) && block["type"] === "text" && typeof block["text"] === "string" ? block["text"] : undefined
  })
  return texts.includes(undefined) ? undefined : texts.join("")
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function wrong(field: string, reason: string): ReadHuman {
  return { ok: false, field, reason }
}
