/**
 * The port of the directory on Redis; what it reads is written by appends.
 *
 * Lists are shown, and wait for replicas where that was asked for. A role only decides what is tried next, and every
 * such try waits for itself: docs/decisions/0015-reads-that-wait-for-replicas.md
 */
import type { ConversationsPage, Directory, MemberChange } from "@everthread/engine"
import { listenerSet } from "@everthread/engine/parts"
import type { Role } from "@everthread/protocol"
import { type Board, parsePosted } from "./delivery/boards.ts"
import { shownWhen } from "./durability/shown.ts"
import { everyPartition, type Keys, partitionCount } from "./keys.ts"
import { metaFields } from "./log/read.ts"
import { pairsOf } from "./pairs.ts"
import { scripts } from "./script.ts"
import type { Store } from "./store.ts"

const memberField = "u:"

export const membersBoard = "members"

export interface RedisDirectory extends Directory {
  /** For the log: members came, went or changed through this node. */
  membersChanged(conversation: string, changes: readonly MemberChange[]): void
  /** For delivery: members that came, went or changed through other nodes. */
  readonly board: Board
}

export interface DirectorySetup {
  readonly store: Store
  readonly keys: Keys
  /** Resolves when what the partition's master has answered so far is as durable as was asked for. */
  readonly durable: (partition: number) => Promise<void>
  /** Tells all nodes, on the board `members`. It may be lost. */
  readonly post: (list: readonly string[]) => void
  /** Random: this engine hears what it posts, and has told of it before. */
  readonly sender: string
}

export function directory({ store, keys, durable, post, sender }: DirectorySetup): RedisDirectory {
  const shown = shownWhen(durable)
  const changed = listenerSet<[conversation: string, users: readonly string[]]>()
  return {
    async role(conversation, user) {
      const [role] = await metaFields(store, keys, conversation, [memberField + user])
      return (role as Role | null) ?? undefined
    },
    async members(conversation) {
      const partition = keys.partitionOf(conversation)
      const { list } = await store.run({
        script: scripts.all,
        partition,
        keys: [keys.meta(conversation)],
        args: ["HGETALL"],
      })
      await shown(partition)
      const members = pairsOf(list[0]).filter(([field]) => field.startsWith(memberField))
      return new Map(members.map(([field, role]) => [field.slice(memberField.length), role as Role]))
    },
    // A user's conversations lie in all partitions, so that each append can keep its part of them in its own step.
    async conversations(user) {
      const found = await Promise.all(
        everyPartition.map(async (partition) => {
          const ids = await inPartition(store, keys, partition, user)
          if (ids.length > 0) await shown(partition)
          return ids
        }),
      )
      return found.flat()
    },
    every: (from, max) => conversationsFrom(store, keys, placeOf(from), max),
    onChanged(listener) {
      store.assertOpen()
      return changed.add(listener)
    },
    membersChanged(conversation, changes) {
      const users = changes.map(({ user }) => user)
      if (users.length === 0) return
      changed.tell(conversation, users)
      post([sender, conversation, ...users])
    },
    board: {
      name: membersBoard,
      told(text) {
        const [from, conversation, ...users] = parsePosted(text) ?? []
        if (from !== sender && conversation !== undefined && users.length > 0) changed.tell(conversation, users)
      },
      missed: () => changed.tell("", []),
    },
  }
}

async function inPartition(store: Store, keys: Keys, partition: number, user: string): Promise<string[]> {
  const call = { script: scripts.all, partition, keys: [keys.memberships(partition, user)] as [string] }
  const { list } = await store.run({ ...call, args: ["SMEMBERS"] })
  return list[0] as string[]
}

/** Where a page begins: behind a conversation of a partition, "" for its first. */
interface Place {
  readonly partition: number
  readonly behind: string
}

/** As text it is `<partition>:<behind>`. */
function placeOf(text = "0:"): Place {
  const colon = text.indexOf(":")
  return { partition: Number(text.slice(0, colon)), behind: text.slice(colon + 1) }
}

/** Partitions that have none are passed over, so that a store of few conversations has few pages. */
async function conversationsFrom(store: Store, keys: Keys, from: Place, max: number): Promise<ConversationsPage> {
  let behind = from.behind
  for (let partition = from.partition; partition < partitionCount; partition++) {
    const call = { script: scripts.conversations, partition, keys: [keys.conversations(partition)] as [string] }
    const { list } = await store.run({ ...call, args: [behind, String(max)] })
    const conversations = list as string[]
    const isFull = conversations.length === max
    const next = isFull ? `${partition}:${conversations.at(-1)}` : `${partition + 1}:`
    if (conversations.length > 0) return { conversations, next }
    behind = ""
  }
  return { conversations: [], next: undefined }
}
