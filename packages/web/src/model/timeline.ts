/**
 * What stands in the chat, from top to bottom: messages, questions, what failed, what is still to be sent, and the lines
 * between days and before what is new. Pure: one list from one view.
 */
import type { ConversationView, PendingMessage } from "@everthread/client"
import type { ChatMessage, Interrupt, Run, Seq } from "@everthread/protocol"
import { isReplaced } from "./answers-anew.ts"
import { type RunMarks, runMarks } from "./run-marks.ts"
import { isSameAuthor, isShown } from "./who.ts"

export type TimelineItem =
  | { readonly kind: "day"; readonly key: string; readonly time: number }
  | { readonly kind: "new"; readonly key: string }
  | {
      readonly kind: "message"
      readonly key: string
      readonly message: ChatMessage
      /** Its author and time are shown: the one before is of somebody else, or of long ago. */
      readonly isFirst: boolean
      /** The message that this one answers; `null`: it is not here. */
      readonly replied?: ChatMessage | null
      /** The question that this one answers, where that does not stand right above it. */
      readonly answers?: ChatMessage
      /** The agent answers it when it is done with others. */
      readonly isQueued?: true
      /** Who has read up to here and no further, as text, so that what says the same is the same. */
      readonly seenBy?: string
    }
  | { readonly kind: "question"; readonly key: string; readonly interrupt: Interrupt; readonly run: Run | undefined }
  | { readonly kind: "failed"; readonly key: string; readonly run: Run }
  | { readonly kind: "pending"; readonly key: string; readonly pending: PendingMessage }

export interface TimelineOptions {
  /** Where the first message is that is new to the reader; `undefined`: none is. */
  readonly newFrom: Seq | undefined
  /** What day a time belongs to, where the reader is. */
  dayOf(time: number): string
}

/** Messages of one author that follow each other so closely stand together; an agent's answers to two questions do not. */
const groupMs = 300_000

interface Placed {
  readonly place: number
  readonly item: TimelineItem
}

export function timelineOf(
  view: Pick<ConversationView, "messages" | "state" | "pending">,
  options: TimelineOptions,
): readonly TimelineItem[] {
  const messages = view.messages.filter(isShown)
  const placed = [...placedMessages(messages), ...placedQuestions(view, messages), ...placedFailures(view, messages)]
  placed.sort((left, right) => left.place - right.place)
  const pending = view.pending.map((one): TimelineItem => ({ kind: "pending", key: one.key, pending: one }))
  const items = withMarks(
    placed.map(({ item }) => item),
    runMarks(view.state.runs, messages),
  )
  return withLines([...items, ...pending], options)
}

function withMarks(items: readonly TimelineItem[], marks: RunMarks): TimelineItem[] {
  let before: ChatMessage | undefined
  return items.map((item) => {
    if (item.kind !== "message") return item
    const { message } = item
    const answers = marks.answers(message, before)
    before = message
    if (answers) return { ...item, answers }
    return marks.isQueued(message) ? { ...item, isQueued: true } : item
  })
}

function placedMessages(messages: readonly ChatMessage[]): Placed[] {
  return messages.map((message) => {
    // A device's own message keeps its place on the screen when the log takes it in, and so its key.
    const key = message.key ?? message.id
    return { place: message.seq, item: { kind: "message", key, message, isFirst: true } }
  })
}

function placedQuestions({ state }: Pick<ConversationView, "state">, messages: readonly ChatMessage[]): Placed[] {
  const from = messages[0]?.seq ?? 0
  return state.interrupts
    .filter(({ seq, answer, run }) => (seq >= from || answer === undefined) && !isReplaced(state.runs, { id: run }))
    .map((interrupt) => {
      const run = state.runs.find(({ id }) => id === interrupt.run)
      return { place: interrupt.seq, item: { kind: "question", key: interrupt.id, interrupt, run } }
    })
}

/** Behind the last that the run said, or the message that it was to answer. */
function placedFailures({ state }: Pick<ConversationView, "state">, messages: readonly ChatMessage[]): Placed[] {
  return state.runs
    .filter((run) => run.status === "failed" && !isReplaced(state.runs, run))
    .flatMap((run) => {
      const last = messages.findLast((message) => message.run === run.id || message.id === run.message)
      return last ? [{ place: last.seq + 0.5, item: { kind: "failed", key: `failed ${run.id}`, run } as const }] : []
    })
}

function withLines(items: readonly TimelineItem[], options: TimelineOptions): TimelineItem[] {
  const lined: TimelineItem[] = []
  let day: string | undefined
  let isMarked = options.newFrom === undefined
  for (const item of items) {
    if (item.kind === "message") {
      const { time } = item.message
      if (options.dayOf(time) !== day) lined.push({ kind: "day", key: `day ${item.key}`, time })
      day = options.dayOf(time)
      if (!isMarked && item.message.seq >= (options.newFrom ?? 0)) {
        isMarked = true
        lined.push({ kind: "new", key: "new" })
      }
    }
    lined.push(grouped(item, lined.at(-1)))
  }
  return lined
}

function grouped(item: TimelineItem, before: TimelineItem | undefined): TimelineItem {
  if (item.kind !== "message" || before?.kind !== "message") return item
  const { message } = before
  const isClose = item.message.time - message.time < groupMs && item.message.replyTo === undefined
  if (item.message.run !== message.run) return item
  return isClose && isSameAuthor(item.message, message) ? { ...item, isFirst: false } : item
}

/** Adds to messages what they answer and who has read them. */
export function decorated(
  items: readonly TimelineItem[],
  messages: readonly ChatMessage[],
  readers: ReadonlyMap<string, readonly string[]>,
): readonly TimelineItem[] {
  const find = (id: string) => messages.find((message) => message.id === id) ?? null
  return items.map((item) => {
    if (item.kind !== "message") return item
    const { id, replyTo } = item.message
    const names = readers.get(id)
    if (replyTo === undefined && names === undefined) return item
    const replied = replyTo === undefined ? {} : { replied: find(replyTo) }
    return { ...item, ...replied, ...(names && { seenBy: names.join(", ") }) }
  })
}
