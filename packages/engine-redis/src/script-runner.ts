/**
 * Scripts that are not of this package, on the engine's connections: a checkpoint saver's, which keeps its keys in the
 * partition of its conversation and looks at that conversation's fence in its own step. (SPEC RUN2)
 *
 * They are repeated while the server is away, so they have to be such that a repeat is harmless.
 */
import type { AppendRequest, AppendResult } from "@everthread/engine"
import { appendWith, type ForeignCall } from "./append-with.ts"
import type { Reply } from "./connection/link.ts"
import type { Keys } from "./keys.ts"
import type { Script } from "./script.ts"
import type { Store } from "./store.ts"

/** What is known of a script that somebody else wrote. */
export type ForeignScript = Pick<Script, "name" | "lua" | "sha1"> & { readonly readOnly: boolean }

export interface ForeignRunner {
  /**
   * @param keys all of the partition of one conversation: see `prefixOf`.
   * @param args the first one names the request, and is the first of what the script answers.
   * @returns the answer, its texts as `Buffer`; a write is as durable by then as the engine makes appends.
   */
  run(script: ForeignScript, keys: readonly string[], args: readonly (string | Buffer)[]): Promise<readonly Reply[]>
  /**
   * Runs writing scripts in their order, and behind them appends a run's output, in one step: everything, or nothing.
   * Without bodies: only the scripts.
   * @param calls each script answers its first argument and then `stored`; where it answers anything else, it must not
   *   have written, and those after the first of them should have nothing to refuse.
   * @returns `fenced` where the append or a script refused.
   */
  runWith(request: AppendRequest, calls: readonly ForeignCall[]): Promise<Pick<AppendResult, "status">>
  /** What the keys of an id have to begin with, to lie beside the conversation's. */
  prefixOf(conversation: string, kind: string, id: string): string
  /** The key of the hash in which the conversation's fence stands. */
  fenceKeyOf(conversation: string): string
  /** The field of that hash whose text begins with `<number>:<nonce>:`. */
  readonly fenceField: string
}

export function foreignRunner(store: Store, keys: Keys, durable: (partition: number) => Promise<void>): ForeignRunner {
  const together = appendWith(store, keys)
  return {
    async runWith(request, calls) {
      const status = await together(request, calls)
      if (status === "appended" || status === "duplicate") await durable(keys.partitionOf(request.conversation))
      return { status }
    },
    async run(script, [first, ...rest], [request, ...args]) {
      if (first === undefined || request === undefined)
        throw new Error(`The script ${script.name} needs a key and a name.`)
      const partition = partitionIn(first)
      const { list } = await store.run({
        script: { ...script, repeatable: true },
        partition,
        keys: [first, ...rest],
        args,
        nonce: String(request),
        isForeign: true,
      })
      if (!script.readOnly) await durable(partition)
      return [Buffer.from(request), ...list]
    },
    prefixOf: (conversation, kind, id) => `${keys.other(keys.partitionOf(conversation), kind, id)}:`,
    fenceKeyOf: keys.meta,
    fenceField: "s",
  }
}

function partitionIn(key: string): number {
  const [, partition] = /\{p(\d{3})\}/.exec(key) ?? []
  if (partition === undefined) throw new Error(`The key ${JSON.stringify(key)} is not of a partition.`)
  return Number(partition)
}
