/** Threads by the names that paths have for them. */
import { fields } from "@everthread/protocol/schema"

const streamPath = /^\/threads\/([^/]+)\/stream\/events$/

/** @returns the thread that a path names, decoded; `undefined` where it is no path of a stream, or names nothing. */
export function threadOfPath(path: string): string | undefined {
  const [, segment] = streamPath.exec(path) ?? []
  return segment === undefined ? undefined : threadNamed(segment)
}

/** @returns the thread's id as a conversation's; `undefined` if it cannot be one. */
export function threadNamed(segment: string): string | undefined {
  try {
    const read = fields.conversationId.safeParse(decodeURIComponent(segment))
    return read.success ? read.data : undefined
  } catch {
    return undefined
  }
}
