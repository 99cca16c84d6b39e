/**
 * Who is no member at the end, and since which place of the log: 0 who never was one. As far as the log is kept and tells of
 * members at all; where its beginning is not, somebody who never came is not known from somebody who was there from the first.
 */
import type { History } from "../history/history.ts"

export type Outsiders = ReadonlyMap<string, number>

export function outsidersOf({ log, devices }: Pick<History, "log" | "devices">): Outsiders {
  const outside = new Map([...strangersOf({ log, devices })].map((user) => [user, 0]))
  for (const { event } of log) {
    if (event.type === "member.removed") outside.set(event.user, event.seq)
    else if (event.type === "member.added") outside.delete(event.user)
  }
  return outside
}

/** Who is no member where the log begins. */
export function strangersOf({ log, devices }: Pick<History, "log" | "devices">): Set<string> {
  const isTold = log[0]?.event.seq === 1 && log.some(({ event }) => event.type === "member.added")
  return new Set(isTold ? devices.map(({ user }) => user) : [])
}
