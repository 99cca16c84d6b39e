/** What a simple client asks for once it is known: texts, heartbeats, commands, and their answers. */
import { type WireError, wireError } from "@everthread/protocol"
import type { StatusResult } from "../../core/command.ts"
import { freshIdChars } from "../../core/core.ts"
import type { Peer } from "../gateway.ts"
import type { SimpleCommand, SimpleFrame, SimpleText } from "./frames.ts"
import type { SimpleSession } from "./session.ts"
import { namedKeyMark, textFrameOf, unnamedKeyMark } from "./write.ts"

type Answer = Promise<WireError | undefined>
type CommandName = SimpleCommand["command"]
type CommandTable = {
  readonly [N in CommandName]: (conversation: string, frame: Extract<SimpleCommand, { command: N }>) => Answer
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
  async health(): Answer {
    this.#send({ type: "system", status: "ok", server_id: this.#peer.core.node, timestamp: this.#now() })
    return undefined
  }

  async handle(frame: Exclude<SimpleFrame, { kind: "hello" | "health_check" }>): Answer {
    switch (frame.kind) {
      case "heartbeat":
        this.#send({ type: "heartbeat", server_id: this.#peer.core.node, timestamp: this.#now() })
        return undefined
      case "text":
        return this.#text(frame)
      case "command":
        return this.#command(frame)
    }
  }

  #command(frame: SimpleCommand): Answer {
    const conversation = frame.conversation_id ?? this.#session.open.conversation
    const handler = this.#table[frame.command] as (conversation: string, frame: SimpleCommand) => Answer
    return handler(conversation, frame)
  }

  readonly #table: CommandTable = {
    join: (conversation) => this.#join(conversation),

    leave: async (conversation) => {
      if (!this.#peer.unsubscribe(conversation)) return notJoined(conversation)
      this.#session.left(conversation)
      this.#answer("leave", conversation, {})
      return undefined
    },

    history: async (conversation, { before, limit }) => {
      const page = { ...(before === undefined ? {} : { before }), ...(limit === undefined ? {} : { limit }) }
      const outcome = await this.#peer.run({ type: "history", conversation, ...page })
      if (!outcome.ok) return outcome.error
      const { messages, more } = outcome.result
      const texts = messages.flatMap((message) => textFrameOf(conversation, message) ?? [])
      this.#answer("history", conversation, { messages: texts, more })
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
      this.#answer("stop", conversation, { seq: outcome.result.seq, cursor: outcome.result.cursor })
      return undefined
    },
  }

  async #join(conversation: string): Answer {
    const joined = await this.#peer.run({ type: "join", conversation })
    if (!joined.ok) return joined.error
    const status = await this.#peer.run({ type: "status", conversation })
    if (!status.ok) return status.error
    this.#answer("join", conversation, { created: joined.result.created, message_count: status.result.messageCount })
    return this.#session.follow(conversation)
  }

  async #text({ content, message_id: name, conversation_id: named }: SimpleText): Answer {
    const conversation = named ?? this.#session.open.conversation
    const { agent } = this.#session.open
    const key = name === undefined ? this.#freshKey() : `${namedKeyMark}${name}`
    // Known before it is stored: the log may tell this connection of it before the ack is written.
    if (name !== undefined) this.#session.sending(key)
    const about = { type: "send" as const, conversation, key, text: content }
    const outcome = await this.#peer.run(agent === undefined ? about : { ...about, agent })
    if (!outcome.ok || outcome.result.duplicate) this.#session.notSent(key)
    if (!outcome.ok) return outcome.error
    const { seq, cursor, duplicate, ref } = outcome.result
    if (name !== undefined) this.#send({ type: "ack", message_id: name, seq, cursor, duplicate })
    else if (!this.#peer.isSubscribed(conversation)) return this.#echo(conversation, ref)
    return undefined
  }

  /** The stored message itself, for one that was not named and whose conversation is not followed here. */
  async #echo(conversation: string, id: string | undefined): Answer {
    const outcome = await this.#peer.run({ type: "history", conversation })
    if (!outcome.ok) return outcome.error
    const message = outcome.result.messages.find((held) => held.id === id)
    const frame = message && textFrameOf(conversation, message)
    if (frame) this.#send(frame)
    return undefined
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
