/** Which conversations this node listens to, by partition and by the line that names them in a publication. */
import { type Watched, watch } from "./watched.ts"

export interface WatchList {
  /** One more listens; the same record for all of them. */
  add(conversation: string, partition: number): Watched
  /** One listens no more. */
  remove(watched: Watched): void
  /** @param line the first line of what was published: the conversation as JSON. */
  named(line: string): Watched | undefined
  in(partition: number): readonly Watched[]
  partitions(): readonly number[]
}

export function watchList(): WatchList {
  const byLine = new Map<string, Watched>()
  const byPartition = new Map<number, Set<Watched>>()
  return {
    add(conversation, partition) {
      const line = JSON.stringify(conversation)
      const watched = byLine.get(line) ?? watch(conversation, partition)
      byLine.set(line, watched)
      byPartition.set(partition, (byPartition.get(partition) ?? new Set()).add(watched))
      watched.count += 1
      return watched
    },
    remove(watched) {
      watched.count -= 1
      if (watched.count > 0) return
      byLine.delete(JSON.stringify(watched.conversation))
      const inPartition = byPartition.get(watched.partition)
      inPartition?.delete(watched)
      if (inPartition?.size === 0) byPartition.delete(watched.partition)
    },
    named: (line) => byLine.get(line),
    in: (partition) => [...(byPartition.get(partition) ?? [])],
    partitions: () => [...byPartition.keys()],
  }
}
