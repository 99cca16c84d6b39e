/** What stands in the store about who is here: one hash for each conversation, one index for each engine and partition. */
import type { PresentDevice } from "@everthread/engine"
import type { Keys } from "../keys.ts"
import { pairsOf } from "../pairs.ts"
import { scripts } from "../script.ts"
import type { Store } from "../store.ts"
import { nameOfSeat, type Seat } from "./seats.ts"

/** What setting an entry has found. */
export interface Found {
  /** It was so before. */
  readonly had: boolean
  /** How many entries were taken away, with what engines that are gone had left. */
  readonly removed: number
  /** By way of which other engines the device is here. */
  readonly others: readonly string[]
}

/** A device that is here by way of an engine. */
export interface Entry extends PresentDevice {
  readonly engine: string
}

export interface Entries {
  set(engine: string, seat: Seat, isHere: boolean, gone: Iterable<string>): Promise<Found>
  of(conversation: string): Promise<Entry[]>
  /** By way of which engines the device is here. */
  enginesOf(conversation: string, user: string, device: string): Promise<string[]>
  /** Names of the seats in which the engine stands, in one partition. */
  held(engine: string, partition: number): Promise<string[]>
}

export function entries(store: Store, keys: Keys): Entries {
  const indexKey = (partition: number, engine: string) => keys.other(partition, "i", engine)
  return {
    async set(engine, seat, isHere, gone) {
      const { conversation, user, device, node } = seat
      const partition = keys.partitionOf(conversation)
      const { list } = await store.run({
        script: scripts.presenceSet,
        partition,
        keys: [keys.present(conversation), indexKey(partition, engine)],
        args: [
          fieldOf(user, device),
          `${engine} ${JSON.stringify(node)}`,
          nameOfSeat(seat),
          isHere ? "1" : "0",
          ...gone,
        ],
      })
      const [had, removed, ...others] = list
      return { had: had === 1, removed: Number(removed), others: others.map(String) }
    },
    async of(conversation) {
      const partition = keys.partitionOf(conversation)
      const call = { script: scripts.all, partition, keys: [keys.present(conversation)] as [string] }
      const { list } = await store.run({ ...call, args: ["HGETALL"] })
      return pairsOf(list[0]).flatMap(([field, lines]) => lines.split("\n").map((line) => entryOf(field, line)))
    },
    async enginesOf(conversation, user, device) {
      const partition = keys.partitionOf(conversation)
      const call = { script: scripts.all, partition, keys: [keys.present(conversation)] as [string] }
      const { list } = await store.run({ ...call, args: ["HGET", fieldOf(user, device)] })
      const lines = typeof list[0] === "string" ? list[0].split("\n") : []
      return lines.map((line) => line.slice(0, line.indexOf(" ")))
    },
    async held(engine, partition) {
      const call = { script: scripts.all, partition, keys: [indexKey(partition, engine)] as [string] }
      const { list } = await store.run({ ...call, args: ["SMEMBERS"] })
      return list[0] as string[]
    },
  }
}

const fieldOf = (user: string, device: string): string => JSON.stringify([user, device])

function entryOf(field: string, line: string): Entry {
  const [user, device] = JSON.parse(field) as [string, string]
  const space = line.indexOf(" ")
  return { engine: line.slice(0, space), user, device, node: JSON.parse(line.slice(space + 1)) as string }
}
