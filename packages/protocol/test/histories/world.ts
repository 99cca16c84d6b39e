/** What a history has made so far: enough to know which acts are legal next. */
import type { By, EventBody } from "@everthread/protocol"

export interface Step {
  readonly act: number
  readonly pick: number
  readonly text: string
}

interface OpenBlock {
  readonly index: number
  readonly kind: "text" | "reasoning" | "tool_call"
  text: string
}

interface Speech {
  readonly id: string
  blocks: number
  block: OpenBlock | undefined
}

export interface LiveRun {
  readonly id: string
  attempt: number
  speeches: number
  speech: Speech | undefined
  sinceCheckpoint: string[]
  calls: string[]
}

export interface World {
  members: string[]
  messages: string[]
  queue: string[]
  live: LiveRun | undefined
  /** The run that ended last, until it is answered anew. */
  last: { readonly run: string; readonly messages: readonly string[] } | undefined
  asked: { readonly run: string; readonly interrupt: string }[]
  made: number
}

export type Act = (world: World, step: Step) => EventBody[]

/** Names that every object inherits are legal ids, and were once found where a record's own fields were meant. */
export const people = ["ann", "bob", "constructor", "toString", "李", "eve"]
export const time = 1_790_000_000_000

export const pick = <T>(list: readonly T[], step: Step): T | undefined => list[step.pick % list.length]
export const fresh = (world: World, prefix: string) => `${prefix}${++world.made}`
export const device = (user: string): By => ({ user, device: `${user}-phone` })
export const someone = (world: World, step: Step) => device(pick(world.members, step) ?? "ann")
