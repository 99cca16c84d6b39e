/** The archive: messages that have left the snapshot, paged from either end, and cut where they expired. (SPEC LOG8) */
import type { ArchivedMessage } from "@everthread/engine"
import type { Seq } from "@everthread/protocol"
import type { Keys } from "../keys.ts"
import { type Script, scripts } from "../script.ts"
import type { Store } from "../store.ts"

export async function archivedBefore(
  store: Store,
  keys: Keys,
  conversation: string,
  before: Seq,
  max: number,
): Promise<ArchivedMessage[]> {
  return messagesOf(await ask(store, keys, scripts.archived, conversation, [before, max])).reverse()
}

export async function archivedAfter(
  store: Store,
  keys: Keys,
  conversation: string,
  after: Seq,
  max: number,
): Promise<ArchivedMessage[]> {
  const [, ...pairs] = await ask(store, keys, scripts.archivedAfter, conversation, [after, max])
  return messagesOf(pairs)
}

export async function archivedCount(store: Store, keys: Keys, conversation: string): Promise<number> {
  const [count] = await ask(store, keys, scripts.archivedAfter, conversation, [0, 0])
  return Number(count)
}

export async function cutArchive(
  store: Store,
  keys: Keys,
  conversation: string,
  upTo: Seq,
  max: number,
): Promise<number> {
  const [count] = await ask(store, keys, scripts.cutArchive, conversation, [upTo, max])
  return Number(count)
}

async function ask(store: Store, keys: Keys, script: Script, conversation: string, args: readonly number[]) {
  const { list } = await store.run({
    script,
    partition: keys.partitionOf(conversation),
    keys: [keys.archive(conversation)],
    args: args.map(String),
  })
  return list
}

function messagesOf(pairs: readonly unknown[]): ArchivedMessage[] {
  const found: ArchivedMessage[] = []
  for (let at = 0; at + 1 < pairs.length; at += 2) found.push({ body: String(pairs[at]), seq: Number(pairs[at + 1]) })
  return found
}
