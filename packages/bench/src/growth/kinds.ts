/** What grows, how far, and who is there at each size. */
import type { Town } from "./town.ts"

export interface Kind {
  readonly name: string
  /** What the sizes count. */
  readonly of: string
  readonly sizes: readonly number[]
  readonly quickSizes: readonly number[]
  /** Whether what one delivery takes has to stay the same from the least to the largest. */
  readonly isFlat: boolean
  readonly perSecond: number
  nodesFor(size: number): number
  /** @param say how far it has come. */
  gather(town: Town, size: number, say: (text: string) => void): Promise<void>
}

/** As many as a connection may have. */
const subscriptionsEach = 1_000
const connectionsMin = 100
const roomMembers = 4
const someRooms = 50
/** In pieces, so that a compaction that goes on behind what it has seen keeps up. */
const pieceEvents = 500
/** In pieces, so that one sees how far it is. */
const pieceRooms = 5_000

export const conversations: Kind = {
  name: "conversations",
  of: "conversations, each followed by one device",
  sizes: [100, 1_000, 10_000, 100_000],
  quickSizes: [100, 1_000],
  isFlat: true,
  perSecond: 500,
  nodesFor: () => 1,
  async gather(town, size, say) {
    const rooms = await makeRooms(town, size, say)
    say("the devices come")
    // As many connections, whatever the size, until each follows as many as it may.
    const count = Math.max(connectionsMin, Math.ceil(size / subscriptionsEach))
    const connections = Array.from({ length: count }, (_, index) => ({
      port: town.ports[0] ?? 0,
      rooms: Array.from({ length: Math.ceil((size - index) / count) }, (_, at) => at * count + index),
    }))
    await town.gather({ rooms, connections })
  },
}

export const members: Kind = {
  name: "members",
  of: "members of one conversation, all of them here",
  sizes: [2, 20, 200, 2_000],
  quickSizes: [2, 100],
  isFlat: false,
  perSecond: 25,
  nodesFor: () => 1,
  gather: async (town, size, say) => void (await gatherRooms(town, 1, size, say)),
}

export const nodes: Kind = {
  name: "nodes",
  of: `nodes, over which ${someRooms} rooms of ${roomMembers} are spread`,
  sizes: [1, 2, 4],
  quickSizes: [1, 2],
  isFlat: false,
  perSecond: 500,
  nodesFor: (size) => size,
  gather: async (town, _size, say) => void (await gatherRooms(town, someRooms, roomMembers, say)),
}

export const history: Kind = {
  name: "history",
  of: `messages before, in a room of ${roomMembers}`,
  sizes: [100, 1_000, 10_000, 100_000],
  quickSizes: [100, 3_000],
  isFlat: true,
  perSecond: 200,
  nodesFor: () => 1,
  async gather(town, size, say) {
    const [room = ""] = await gatherRooms(town, 1, roomMembers, say)
    // They are there while it grows, so it is compacted as it would have been.
    for (let made = 0; made < size; made += pieceEvents) {
      say(`${made} messages`)
      await town.fill(room, Math.min(pieceEvents, size - made))
    }
  },
}

/** Members by turns on the nodes. @returns the rooms. */
async function gatherRooms(
  town: Town,
  count: number,
  size: number,
  say: (text: string) => void,
): Promise<readonly string[]> {
  const rooms = await makeRooms(town, count, say)
  const connections = Array.from({ length: count * size }, (_, index) => ({
    port: town.ports[(index % size) % town.ports.length] ?? 0,
    rooms: [Math.floor(index / size)],
  }))
  await town.gather({ rooms, connections })
  return rooms
}

/** @returns their names. */
async function makeRooms(town: Town, count: number, say: (text: string) => void): Promise<readonly string[]> {
  const rooms: string[] = []
  for (let piece = 0; rooms.length < count; piece++) {
    say(`${rooms.length} conversations`)
    const some = Math.min(pieceRooms, count - rooms.length)
    await town.make(`room-${piece}`, some)
    rooms.push(...Array.from({ length: some }, (_, index) => `room-${piece}-${index}`))
  }
  return rooms
}
