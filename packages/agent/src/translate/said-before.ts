/**
 * What earlier attempts at a run have said and the log still shows, as far as the graph may come back to it.
 *
 * A task that was cut off says everything again; it is known beforehand which ones do, from the checkpoints. But some
 * versions of LangGraph run a finished task of a subgraph once more although its result is stored, and the task around a
 * subgraph hands on what was said inside, under the ids that it had there. So what is said is compared with this.
 */
import type { ChatMessage } from "@everthread/protocol"
import type { InnerPosition } from "../graph.ts"

export class SaidBefore {
  /** Ids of messages, by the path of the task that said them. */
  readonly #byPath = new Map<string, string[]>()
  readonly #graphIds: ReadonlySet<string>

  /** @param messages of the run that stay. @param inside the graphs in its open tasks. */
  constructor(messages: readonly ChatMessage[] = [], inside: Iterable<InnerPosition> = []) {
    for (const { id, ns = [] } of messages) {
      const path = pathOf(ns)
      this.#byPath.set(path, [...(this.#byPath.get(path) ?? []), id])
    }
    this.#graphIds = new Set([...inside].flatMap(({ said }) => [...said]))
  }

  /** Whether a message with this id of LangGraph's is in the log already. */
  has(graphId: string): boolean {
    return this.#graphIds.has(graphId)
  }

  /** A task begins: @returns what it said in an earlier attempt, once; it will say it again. */
  beginsAgain(path: readonly string[]): readonly string[] {
    if (this.#byPath.size === 0) return []
    const key = pathOf(path)
    const messages = this.#byPath.get(key) ?? []
    this.#byPath.delete(key)
    return messages
  }
}

const pathOf = (parts: readonly string[]): string => parts.join("|")
