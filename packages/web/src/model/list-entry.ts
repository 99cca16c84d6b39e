/** One row of the list of conversations, made from what is known of it. */
import type { ListedConversation } from "@everthread/client"
import { isOpen } from "@everthread/protocol"
import { authorOf, isShown, plainText } from "./who.ts"

export interface ListEntry {
  readonly id: string
  readonly title: string
  readonly unread: number
  /** When something was said last; 0: never, or not known yet. */
  readonly time: number
  /** Who said it last, and the beginning of it. */
  readonly by: string | undefined
  readonly preview: string
  readonly isAsking: boolean
  readonly isWorking: boolean
}

const previewChars = 100
/** More names than these make no title. */
const titleNamesMax = 4

export function listEntry(listed: ListedConversation, user: string): ListEntry {
  const { state, messages } = listed.view ?? { state: undefined, messages: [] }
  const last = messages.findLast(isShown)
  return {
    id: listed.conversation,
    title: titleOf(listed.conversation, state?.title ?? listed.title, Object.keys(state?.members ?? {}), user),
    unread: listed.unread,
    time: last?.time ?? 0,
    by: last && authorOf(last).name,
    preview: last ? plainText(last).slice(0, previewChars).replace(/\s+/g, " ") : "",
    isAsking: state?.interrupts.some(({ answer }) => answer === undefined) ?? false,
    isWorking: state?.runs.some((run) => isOpen(run) && run.status !== "waiting") ?? false,
  }
}

export function titleOf(id: string, title: string | undefined, members: readonly string[], user: string): string {
  if (title !== undefined) return title
  const names = members.filter((member) => member !== user)
  return names.length > 0 && names.length <= titleNamesMax ? names.join(", ") : id
}

/** What was said last comes first; among those of which nothing is known, the order of the server. */
export function byTime(entries: readonly ListEntry[]): readonly ListEntry[] {
  return [...entries].sort((left, right) => right.time - left.time)
}

export function sameEntry(left: ListEntry, right: ListEntry): boolean {
  return (Object.keys(right) as (keyof ListEntry)[]).every((field) => left[field] === right[field])
}

/** @returns those whose title or id holds every word. */
export function matching(entries: readonly ListEntry[], query: string): readonly ListEntry[] {
  const words = query.toLowerCase().split(/\s+/)
  return entries.filter(({ id, title }) => words.every((word) => `${title} ${id}`.toLowerCase().includes(word)))
}
