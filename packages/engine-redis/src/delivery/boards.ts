/**
 * What nodes tell each other beside the logs: one channel for each subject, which every node hears for as long as it is
 * open. A message may be lost; where that may have happened the subject is told so, and asks the store.
 */
import type { Keys } from "../keys.ts"

export interface Board {
  /** `[a-z]+`: part of the channel's name. */
  readonly name: string
  told(text: string): void
  /** This node may not have heard everything. */
  missed(): void
}

/** All subjects are heard at one master. */
export const boardsPartition = 0

export const boardChannel = (keys: Keys, name: string): string => keys.other(boardsPartition, "n", name)

export function boardsByChannel(keys: Keys, boards: readonly Board[]): ReadonlyMap<string, Board> {
  return new Map(boards.map((board) => [boardChannel(keys, board.name), board]))
}

/** @returns the list that was posted, or `undefined`: a channel is open to whoever can reach the server. */
export function parsePosted(text: string): readonly string[] | undefined {
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) && list.every((word) => typeof word === "string") ? list : undefined
  } catch {
    return undefined
  }
}
