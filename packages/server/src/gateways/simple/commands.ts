/** What a simple client asks for once it is known: texts, heartbeats, commands, and their answers. */
import {
  type ChatMessage,
  type Cursor,
  formatCursor,
  parseCursor,
  type Seq,
  type WireError,
  wireError,
} from "@everthread/protocol"
import type { StatusResult } from "../../core/command.ts"
import { freshIdChars } from "../../core/core.ts"
import type { Peer } from "../gateway.ts"
import type { SimpleCommand, SimpleFrame, SimpleText } from "./frames.ts"
import type { OpenSession, SimpleSession } from "./session.ts"
import { textsBefore } from "./texts-before.ts"
import { namedKeyMark, textFrameOf, unnamedKeyMark } from "./write.ts"

type Answer = Promise<WireError | undefined>
type CommandName = SimpleCommand["command"]
type CommandTable = {
  readonly [N in CommandName]: (conversation: string, frame: Extract<SimpleCommand, { command: N }>) => Answer
}

/** Where a message stands. A send that asks for a run is two entries, and the core names the second. */
interface Place {
  readonly seq: Seq
  readonly cursor: Cursor
}

interface Sent extends Place {
  readonly ref?: string | undefined
}

export class SimpleCommands {
  readonly #peer: Peer
  readonly #session: SimpleSession
  readonly #send: (frame: object) => void

  constructor(peer: Peer, session: SimpleSession, send: (frame: object) => void) {
    this.#peer = peer
    this.#session = session
    this.#send = send
  }

  /** A probe: an answer, and no session. */
  health(): undefined {
    this.#send({ type: "system", status: "ok", server_id: this.#peer.core.node, timestamp: this.#now() })
  }

  async handle(open: OpenSession, frame: Exclude<SimpleFrame, { kind: "hello" | "health_check" }>): Answer {
    switch (frame.kind) {
      case "heartbeat":
        this.#send({ type: "heartbeat", server_id: this.#peer.core.node, timestamp: this.#now() })
        return undefined
      case "text":
        return this.#text(open, frame)
      case "command": {
        const handler = this.#table[frame.command] as (conversation: string, frame: SimpleCommand) => Answer
        return handler(frame.conversation_id ?? open.conversation, frame)
      }
    }
  }

  readonly #table: CommandTable = {
    join: async (conversation) => {
      const joined = await this.#peer.run({ type: "join", conversation })
      if (!joined.ok) return joined.error
      const status = await this.#peer.run({ type: "status", conversation })
      if (!status.ok) return status.error
      const { created } = joined.result
      const cursor = this.#session.place(conversation)
      this.#answer("join", conversation, { created, message_count: status.result.messageCount, cursor })
      // A second join is answered too, and changes nothing.
      return this.#peer.isSubscribed(conversation) ? undefined : this.#session.follow(conversation)?.error
    },

    leave: async (conversation) => {
      if (!this.#peer.unsubscribe(conversation)) return notJoined(conversation)
      this.#session.left(conversation)
      this.#answer("leave", conversation, {})
      return undefined
    },

    history: async (conversation, { before, limit }) => {
      const page = await textsBefore(this.#peer, conversation, before, limit)
      if (!page.ok) return page.error
      this.#answer("history", conversation, page.result)
      return undefined
    },

    members: async (conversation) => {
      const outcome = await this.#peer.run({ type: "members", conversation })
      if (!outcome.ok) return outcome.error
      const members = outcome.result.members.map(({ user, role, devices }) => ({ user_id: user, role, devices }))
      this.#answer("members", conversation, { members })
      return undefined
    },

    status: async (conversation) => {
      const outcome = await this.#peer.run({ type: "status", conversation })
      if (!outcome.ok) return outcome.error
      this.#answer("status", conversation, statusFields(outcome.result))
      return undefined
    },

    stop: async (conversation) => {
      const outcome = await this.#peer.run({ type: "stop", conversation, key: this.#freshKey() })
      if (!outcome.ok) return outcome.error
      this.#answer("stop", conversation, { seq: outcome.result.seq })
      return undefined
    },
  }

  async #text(open: OpenSession, { content, message_id: name, conversation_id: named }: SimpleText): Answer {
    const conversation = named ?? open.conversation
    const { agent } = open
    const key = name === undefined ? this.#freshKey() : `${namedKeyMark}${name}`
    const about = { type: "send" as const, conversation, key, text: content }
    const outcome = await this.#peer.run(agent === undefined ? about : { ...about, agent })
    if (!outcome.ok) return outcome.error.code === "key_reused" ? nameReused(name ?? key) : outcome.error
    const message = await this.#messageOf(conversation, outcome.result)
    const place = placeOf(outcome.result, message)
    if (name !== undefined) {
      const { duplicate } = outcome.result
      const ack = () => this.#send({ type: "ack", message_id: name, ...place, duplicate })
      this.#session.whenDelivered(conversation, place.seq, ack)
    } else if (message && !this.#peer.isSubscribed(conversation)) {
      // Whoever follows the conversation gets it from there, in its turn.
      this.#send({ ...textFrameOf(conversation, message), cursor: place.cursor })
    }
    return undefined
  }

  /** The message that was just stored; the node may have to look at the store to know it. */
  async #messageOf(conversation: string, sent: Sent): Promise<ChatMessage | undefined> {
    const known = await this.#lookUp(conversation, sent)
    if (known) return known
    const feed = await this.#peer.core.hub.feed(conversation).catch(() => undefined)
    await feed?.check()
    return this.#lookUp(conversation, sent)
  }

  /** It is the newest message that began at its place or before. */
  async #lookUp(conversation: string, { seq, ref }: Sent): Promise<ChatMessage | undefined> {
    const page = await this.#peer.run({ type: "history", conversation, before: seq + 1, limit: 1 })
    return page.ok ? page.result.messages.find(({ id }) => id === ref) : undefined
  }

  #answer(command: CommandName, conversation: string, fields: object): void {
    this.#send({ type: "system", command, conversation_id: conversation, ...fields, timestamp: this.#now() })
  }

  #freshKey(): string {
    return `${unnamedKeyMark}${this.#peer.core.random.id(freshIdChars)}`
  }

  #now(): string {
    return new Date(this.#peer.core.clock.now()).toISOString()
  }
}

/** Entries of one append share their nonce, so the message's cursor is known from its seq. */
function placeOf({ seq, cursor }: Sent, message: ChatMessage | undefined): Place {
  const nonce = parseCursor(cursor)?.nonce
  return message && nonce ? { seq: message.seq, cursor: formatCursor(message.seq, nonce) } : { seq, cursor }
}

function statusFields({ node, connections, runs, messageCount }: StatusResult): object {
  const shown = runs.map((run) => ({
    run_id: run.id,
    server_id: run.node ?? null,
    attempt: run.attempt,
    status: run.status,
  }))
  return { server_id: node, connections, message_count: messageCount, runs: shown }
}

function notJoined(conversation: string): WireError {
  const message = `This connection is not in ${JSON.stringify(conversation)}; send the command join first.`
  return wireError("not_subscribed", { field: "conversation", message })
}

function nameReused(name: string): WireError {
  const message = `The message_id ${JSON.stringify(name)} was used before by this device for another text; use a fresh one.`
  return wireError("key_reused", { field: "key", message })
}
