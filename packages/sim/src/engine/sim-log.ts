/** The port of the event log of one node: it asks the store, and is told by the delivery. */
import type { AppendRequest, AppendResult, EventLog } from "@everthread/engine"
import type { Delivery } from "@everthread/engine-redis/parts"
import type { Outcome } from "../store/append.ts"
import type { CheckpointWrite } from "../store/checkpoints.ts"
import { cutArchive } from "../store/compact.ts"
import { archivedIn, headOf, repeated } from "../store/read.ts"
import type { SimStore } from "../store/sim-store.ts"
import type { State } from "../store/state.ts"
import type { Boards } from "./boards.ts"
import { publishedText } from "./published.ts"
import type { StoreLink } from "./store-link.ts"

export interface SimLog extends EventLog {
  /** Appends, and keeps a graph's checkpoint in the same step. */
  appendWith(request: AppendRequest, write: CheckpointWrite): Promise<AppendResult>
}

export interface SimLogSetup {
  readonly link: StoreLink
  readonly store: SimStore
  readonly delivery: Delivery
  readonly boards: Boards
}

export function simLog({ link, store, delivery, boards }: SimLogSetup): SimLog {
  const look = <R>(at: (state: State) => R) => link.ask("read", () => store.read(at))

  /** In one step with the write, as a script does it. */
  const publish = (
    request: Pick<AppendRequest, "conversation" | "fence" | "runs" | "members">,
    outcome: Outcome<unknown>,
  ) => {
    if (!outcome.appended) return
    boards.tellAppended(request, publishedText(request, outcome.appended))
  }
  const stored = (request: AppendRequest, write: () => Outcome<AppendResult>) =>
    link.ask("write", () => {
      const outcome = write()
      publish(request, outcome)
      return outcome.result
    })

  return {
    create: (request) =>
      link.ask("write", () => {
        const outcome = store.write((state, ops) => ops.create(state, request))
        publish(request, outcome)
        return outcome.result
      }),
    append: (request) => stored(request, () => store.write((state, ops) => ops.append(state, request))),
    appendWith: (request, write) =>
      stored(request, () => store.write((state, ops) => ops.appendWith(state, request, write))),
    read: (conversation, after, max) =>
      link.ask("read", () => store.read((state, ops) => ops.read(state, conversation, after, max))),
    head: (conversation) => look((state) => headOf(state, conversation)),
    snapshot: (conversation) => look((state) => state.conversations.get(conversation)?.snapshot),
    compact: (request) => link.ask("write", () => store.write((state, ops) => ops.compact(state, request))),
    archived: (conversation, before, max) =>
      look((state) => archivedIn(state, conversation, 0, before - 1).slice(-max)),
    archivedAfter: (conversation, after, max) =>
      look((state) => archivedIn(state, conversation, after + 1, Number.POSITIVE_INFINITY).slice(0, max)),
    archivedCount: (conversation) => look((state) => state.conversations.get(conversation)?.archive.size ?? 0),
    cutArchive: (conversation, upTo, max) =>
      link.ask("write", () => store.write((state) => cutArchive(state, conversation, upTo, max))),
    repeated: (conversation, key) => look((state) => repeated(state, conversation, key)),
    value: (conversation, name) => look((state) => state.conversations.get(conversation)?.values.get(name) ?? null),
    listen: (conversation, listener) => delivery.listen(conversation, listener),
    publish: (conversation, body) => delivery.publish(conversation, body),
  }
}
