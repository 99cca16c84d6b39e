/**
 * Which nodes a graph runs next, read from a checkpoint alone: a node that has no graphs can tell, too. Pure.
 *
 * It goes by how a `StateGraph` names the channels that its edges write to. A node is next if one of its channels holds
 * something newer than the node has seen. Of graphs that are put together in another way it says nothing.
 */
import type { StoredCheckpoint } from "./thread-saver.ts"

interface Edge {
  readonly node: string
  readonly isReady: (value: unknown) => boolean
}

const start = "__start__"
const sends = "__pregel_tasks"

/** @returns each node as often as it runs: once for its edges, and once for each `Send` to it. */
export function nextNodes(checkpoint: StoredCheckpoint): string[] {
  const { channel_values: values } = checkpoint
  const isNext = (channel: string): boolean => {
    const edge = edgeOf(channel)
    // A channel that was used up may still be named, without a value.
    if (edge === undefined || values[channel] === undefined) return false
    return isNewer(checkpoint, channel, edge.node) && edge.isReady(values[channel])
  }
  const byEdge = Object.keys(values)
    .filter(isNext)
    .map((channel) => edgeOf(channel)?.node ?? "")
  return [...new Set(byEdge), ...sentTo(values[sends])]
}

function isNewer({ channel_versions: versions, versions_seen: seen }: StoredCheckpoint, channel: string, node: string) {
  const version = versions[channel]
  const known = seen[node]?.[channel]
  return version !== undefined && (known === undefined || version > known)
}

function edgeOf(channel: string): Edge | undefined {
  if (channel === start) return { node: start, isReady: () => true }
  const [kind, from = "", to = ""] = channel.split(":")
  if (kind === "branch" && from === "to") return { node: to, isReady: isFinished }
  if (kind === "join") return { node: to, isReady: (value) => isFinished(value) && hasAll(from, value) }
  return undefined
}

/** A deferred node's channel says whether all the others are done; any other one holds no flag. */
function isFinished(value: unknown): boolean {
  return !isDeferred(value) || value[1]
}

function isDeferred(value: unknown): value is [unknown, boolean] {
  return Array.isArray(value) && value.length === 2 && typeof value[1] === "boolean"
}

/** @param from the nodes that are waited for, joined by `+`. */
function hasAll(from: string, value: unknown): boolean {
  const arrived: unknown = isDeferred(value) ? value[0] : value
  if (!Array.isArray(arrived)) return false
  // Their names may hold a `+`, so they are not taken apart.
  return arrived.reduce<number>((chars, name) => chars + String(name).length + 1, -1) === from.length
}

function sentTo(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((send: { node?: unknown } | null) => (typeof send?.node === "string" ? [send.node] : []))
}
