/**
 * At the end everybody shows of each message what the log makes of it: its text as it was edited last, who has reacted how, and
 * nothing at all of what was taken back. The log is added up here in a way of its own, and not by the reducer of the
 * product, which may be what is wrong. (SPEC SNP1, NOD1, RET2)
 */
import type { ChatMessage, LogEvent } from "@everthread/protocol"
import { type ChangeEvent, isChange } from "../history/change.ts"
import { type Finding, type History, nameOf, type View } from "../history/history.ts"
import { knownEvents } from "./known-events.ts"
import { outsidersOf } from "./outsiders.ts"

type Found = Omit<Finding, "conversation" | "device">

/** What the log tells of one message, from where it is known. */
interface Told {
  /** Absent where neither its beginning nor an edit of it is known. */
  text?: string
  /** Whether its beginning is known, and so everything that was done to it. */
  isWhole: boolean
  isTakenBack: boolean
  /** By user and reaction, whether it stands. */
  readonly reactions: Map<string, boolean>
}

export function checkChanged(history: History): Finding[] {
  const { conversation, devices, fresh } = history
  const told = toldIn(knownEvents(history))
  const outside = outsidersOf(history)
  const ofDevices = devices.flatMap((device) => {
    if (!device.end || outside.has(device.user)) return []
    return faultsIn(device.end, told).map((one) => ({ conversation, device: nameOf(device), ...one }))
  })
  return [...faultsIn(fresh, told).map((one) => ({ conversation, ...one })), ...ofDevices]
}

function toldIn(events: readonly LogEvent[]): ReadonlyMap<string, Told> {
  // Of most histories: nobody changes anything.
  if (!events.some(isChange)) return new Map()
  const told = new Map<string, Told>()
  for (const event of events) {
    if (event.type === "message") {
      told.set(event.id, { text: event.text, isWhole: true, isTakenBack: false, reactions: new Map() })
    } else if (isChange(event)) {
      const known = told.get(event.message) ?? { isWhole: false, isTakenBack: false, reactions: new Map() }
      told.set(event.message, known)
      take(known, event)
    }
  }
  return told
}

function take(told: Told, event: ChangeEvent): void {
  // Nothing brings back what was taken back.
  if (told.isTakenBack) return
  if (event.type === "redaction") told.isTakenBack = true
  else if (event.type === "edit") told.text = event.text
  else told.reactions.set(reactionName(event.by.user, event.reaction), event.on)
}

const reactionName = (user: string, reaction: string): string => `${reaction} of ${user}`

function faultsIn({ messages }: View, told: ReadonlyMap<string, Told>): Found[] {
  return messages.flatMap((message) => {
    const known = told.get(message.id)
    if (!known) return []
    return known.isTakenBack ? leftOver(message) : differences(message, known)
  })
}

function leftOver({ id, text, blocks, reactions, redacted }: ChatMessage): Found[] {
  const left = [text, ...blocks.map((block) => JSON.stringify(block)), ...Object.keys(reactions ?? {})].join("")
  if (left === "" && redacted) return []
  return [{ law: "taken back", what: `${id} was taken back, and still shows ${JSON.stringify(left)}` }]
}

function differences(message: ChatMessage, { text, isWhole, reactions }: Told): Found[] {
  const found: Found[] = []
  // Where its beginning is not known it may have been taken back before.
  const isGone = message.redacted === true && !isWhole
  const tell = (what: string) => void found.push({ law: "changed", what: `${message.id} ${what}` })
  if (isGone) return found
  if (message.redacted) tell("shows that it was taken back, which it was not")
  if (text !== undefined && message.text !== text)
    tell(`shows ${JSON.stringify(message.text)}, and is ${JSON.stringify(text)}`)
  const shown = shownReactions(message)
  for (const [name, on] of reactions) if (shown.has(name) !== on) tell(`${on ? "lacks" : "still shows"} ${name}`)
  for (const name of shown) if (isWhole && !reactions.has(name)) tell(`shows ${name}, which nobody gave`)
  return found
}

function shownReactions({ reactions = {} }: ChatMessage): ReadonlySet<string> {
  return new Set(
    Object.entries(reactions).flatMap(([reaction, users]) => users.map((user) => reactionName(user, reaction))),
  )
}
