/** One conversation on one device: what is written there, and all that the device is shown of it. */
import {
  type Conversation,
  type ConversationUpdate,
  type PendingMessage,
  RequestError,
  type SendOptions,
} from "@everthread/client"
import { isOpen, type LogEventOf } from "@everthread/protocol"
import { type DeviceHistory, nameOf, type Sent, type Step, type View } from "./history.ts"
import { WatchedChanges } from "./watched-changes.ts"
import type { WireTap } from "./wire-tap.ts"

type Watched = Pick<DeviceHistory, "steps" | "wire" | "sent" | "changes" | "end">

interface Writing {
  readonly text: string
  readonly writtenMs: number
  ack: Sent["ack"]
  ackedMs: number | undefined
  refused: string | undefined
}

export class WatchedConversation {
  readonly conversation: Conversation
  readonly changes: WatchedChanges
  readonly #nowMs: () => number
  readonly #steps: Step[] = []
  /** In the order in which they were written. */
  readonly #sent = new Map<string, Writing>()
  /** Messages that wait for their acknowledgement. */
  #unacknowledged = 0

  /** @param nowMs by one clock for all devices, where there is one. */
  constructor(conversation: Conversation, nowMs: () => number = () => 0) {
    this.conversation = conversation
    this.changes = new WatchedChanges(conversation)
    this.#nowMs = nowMs
    void this.#record(conversation.events())
  }

  /** Gives the device a message to send. It goes out when it can. */
  write(text: string, options: SendOptions = {}): void {
    void this.say(text, options)
  }

  /** The same, for who wants to know what becomes of it. */
  say(text: string, options: SendOptions = {}): Promise<Pick<Sent, "ack" | "refused">> {
    const writing: Writing = { text, writtenMs: this.#nowMs(), ack: undefined, ackedMs: undefined, refused: undefined }
    this.#sent.set(text, writing)
    this.#unacknowledged += 1
    return this.conversation
      .send(text, options)
      .then(({ cursor, seq }) => {
        writing.ack = { cursor, seq }
        writing.ackedMs = this.#nowMs()
      })
      .catch((error: unknown) => {
        // Only the server's own word is one that it is not stored.
        if (error instanceof RequestError) writing.refused = error.error.code
      })
      .then(() => {
        this.#unacknowledged -= 1
        return writing
      })
  }

  /** What was written or changed here and waits for its acknowledgement. */
  get unsettled(): number {
    return this.#unacknowledged + this.changes.unsettled
  }

  get written(): number {
    return this.#sent.size
  }

  get acknowledged(): number {
    return [...this.#sent.values()].filter(({ ack }) => ack !== undefined).length
  }

  get resets(): number {
    return this.#steps.filter((step) => step.type === "snapshot" && step.reason === "diverged").length
  }

  /**
   * Whether what was acknowledged at a place may still stand there: not where the log, as it is shown here, ends before it or has
   * something else there. What came in a snapshot is taken to be there.
   */
  mayHold(seq: number, text: string): boolean {
    if (this.conversation.snapshot().state.seq < seq) return false
    const shown = this.#steps
      .flatMap((step) => (step.type === "events" ? step.events : []))
      .findLast((event) => event.seq === seq)
    return shown === undefined || (shown.type === "message" && shown.text === text)
  }

  /** The nodes of runs that are in the middle of a message. */
  get speaking(): readonly string[] {
    const { state } = this.conversation.snapshot()
    const spoken = state.messages.filter(({ status }) => status === "streaming").map(({ run }) => run)
    return state.runs.flatMap(({ id, node, status }) =>
      status === "running" && node !== undefined && spoken.includes(id) ? [node] : [],
    )
  }

  get attempts(): readonly LogEventOf<"run.attempt">[] {
    const events = this.#steps.flatMap((step) => (step.type === "events" ? step.events : []))
    return events.flatMap((event) => (event.type === "run.attempt" ? [event] : []))
  }

  /** How often an attempt was seen to follow one of this node's. */
  takeovers(node: string): number {
    const { attempts } = this
    return attempts.filter(({ run, attempt, node: by }) => {
      return by !== node && attempts.some((one) => one.run === run && one.attempt === attempt - 1 && one.node === node)
    }).length
  }

  /** What it waits for, or nothing: then all is sent, seen and done as far as this device can tell. */
  get awaits(): string | undefined {
    const { status, pending, state } = this.conversation.snapshot()
    if (this.unsettled > 0) return `${this.unsettled} acknowledgements`
    if (status !== "live") return `being live instead of ${status}`
    const waiting = pending.filter(isWaiting).length
    if (waiting > 0) return `${waiting} messages in the log`
    const open = state.runs.filter(isOpen)
    return open[0] && `${open.length} runs to end, the first ${open[0].status}`
  }

  /** Loads what is left to load, and says what it shows. */
  async view(): Promise<View> {
    while (this.conversation.snapshot().older) await this.conversation.loadOlder(200)
    const { cursor, state, messages, pending, present } = this.conversation.snapshot()
    return { cursor, state, messages, pending: pending.filter(isWaiting).length, present: present.map(nameOf) }
  }

  /** @param before what was written before the program was started again. */
  async history(tap: WireTap, before: readonly Sent[] = []): Promise<Watched> {
    const all = [...before, ...this.sent(tap)]
    const sent = all.map((one) => ({ ...one, refused: one.refused ?? this.#refusedInTheEnd(one.text) }))
    return { ...this.#seen(tap), sent, changes: this.changes.told(tap), end: await this.view() }
  }

  /** Of a program that has ended: what it wrote is told by the one that has come after it. */
  historyOfEnded(tap: WireTap): Watched {
    return { ...this.#seen(tap), sent: [], end: undefined }
  }

  #seen(tap: WireTap): Pick<Watched, "steps" | "wire"> {
    return { steps: this.#steps, wire: tap.chains(this.conversation.id) }
  }

  sent(tap: WireTap): Sent[] {
    return [...this.#sent.values()].map((writing) => {
      const { text } = writing
      return { ...writing, key: tap.keyOf(text), times: tap.times(text) }
    })
  }

  /** What a store had lost and was sent again may be refused by then; its writer is shown that. */
  #refusedInTheEnd(text: string): string | undefined {
    const { pending } = this.conversation.snapshot()
    return pending.find((message) => message.text === text && message.status === "failed")?.error?.code
  }

  async #record(updates: AsyncIterable<ConversationUpdate>): Promise<void> {
    for await (const update of updates) this.#steps.push(stepOf(update))
  }
}

/** What was refused for good stays with whoever wrote it. */
const isWaiting = ({ status }: PendingMessage): boolean => status !== "failed"

function stepOf(update: ConversationUpdate): Step {
  if (update.type === "events") {
    const { type, prev, cursor, events } = update
    return { type, prev, cursor, events }
  }
  const { type, reason, cursor, state } = update
  return { type, reason, cursor, messages: state.messages }
}
