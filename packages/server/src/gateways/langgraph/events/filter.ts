/** Which events a subscription wants: channels, the paths below which they happen, and how far below. */
import type { StreamEvent } from "@everthread/protocol/langgraph"
import * as z from "zod"
import { type Refused, refused } from "../../../core/outcome.ts"

export interface Filter {
  readonly channels: readonly string[]
  /** `undefined`: everywhere. */
  readonly namespaces: readonly (readonly string[])[] | undefined
  /** `undefined`: however deep. */
  readonly depth: number | undefined
}

/** More than a page with a panel for each of many subgraphs asks for. */
const channelsMax = 64
const namespacesMax = 256
const segmentsMax = 32
const segmentCharsMax = 512
/**
 * What all filters of a connection may have together, as JSON: everything that happens is held against each of them, and
 * what is encoded for others who want the same is kept under them.
 */
const filterCharsMax = 32_768

/** `updates` and `tasks` are of the protocol, and never happen here: they would carry the graph's state at every step. */
const channel = z.union(
  [
    z.enum(["values", "updates", "messages", "tools", "lifecycle", "input", "checkpoints", "tasks", "custom"]),
    z.string().max(segmentCharsMax).startsWith("custom:"),
  ],
  "values, updates, messages, tools, lifecycle, input, checkpoints, tasks, custom or custom:<name>",
)

export const filterSchema = z.object({
  channels: z.array(channel).min(1).max(channelsMax),
  namespaces: z
    .array(z.array(z.string().max(segmentCharsMax)).max(segmentsMax))
    .max(namespacesMax)
    .nullish(),
  depth: z.int().min(0).nullish(),
})

export function filterOf({ channels, namespaces, depth }: z.infer<typeof filterSchema>): Filter {
  return { channels, namespaces: namespaces ?? undefined, depth: depth ?? undefined }
}

/** @returns why there may not be these filters on one connection. */
export function tooLarge(filters: readonly Filter[]): Refused | undefined {
  if (JSON.stringify(filters).length <= filterCharsMax) return undefined
  const message = `The channels and namespaces of one connection may have at most ${filterCharsMax} characters; name fewer.`
  return refused("limit_reached", { field: "namespaces", limit: filterCharsMax, message })
}

export function wants({ channels, namespaces, depth }: Filter, event: StreamEvent): boolean {
  if (!isIn(channels, event)) return false
  if (!namespaces || namespaces.length === 0) return true
  return namespaces.some(
    (prefix) =>
      isBelow(prefix, event.namespace) && (depth === undefined || event.namespace.length - prefix.length <= depth),
  )
}

function isIn(channels: readonly string[], { method, data }: StreamEvent): boolean {
  if (method === "input.requested") return channels.includes("input")
  if (method !== "custom" || typeof data["name"] !== "string") return channels.includes(method)
  return channels.includes("custom") || channels.includes(`custom:${data["name"]}`)
}

/** A filter may name a node (`model`) where the path has the node and its task (`model:1f0…`). */
function isBelow(prefix: readonly string[], path: readonly string[]): boolean {
  return prefix.every((segment, at) => {
    const own = path[at]
    return own !== undefined && (own === segment || (!segment.includes(":") && own.split(":", 1)[0] === segment))
  })
}
