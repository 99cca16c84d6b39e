/** The port of the directory on Redis; what it reads is written by appends. */
import type { Directory } from "@everthread/engine"
import type { Role } from "@everthread/protocol"
import { everyPartition, type Keys } from "./keys.ts"
import { metaFields } from "./log/read.ts"
import { pairsOf } from "./pairs.ts"
import { scripts } from "./script.ts"
import type { Store } from "./store.ts"

const memberField = "u:"

export function directory(store: Store, keys: Keys): Directory {
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
      const members = pairsOf(list[0]).filter(([field]) => field.startsWith(memberField))
      return new Map(members.map(([field, role]) => [field.slice(memberField.length), role as Role]))
    },
    // A user's conversations lie in all partitions, so that each append can keep its part of them in its own step.
    async conversations(user) {
      const found = await Promise.all(everyPartition.map((partition) => inPartition(store, keys, partition, user)))
      return found.flat()
    },
  }
}

async function inPartition(store: Store, keys: Keys, partition: number, user: string): Promise<string[]> {
  const call = { script: scripts.all, partition, keys: [keys.memberships(partition, user)] as [string] }
  const { list } = await store.run({ ...call, args: ["SMEMBERS"] })
  return list[0] as string[]
}
