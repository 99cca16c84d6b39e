/**
 * What `everthread dev` and its nodes say to each other: over the channel between a process and its child, which nobody
 * else can open, and which ends with either of them.
 */
import type { RunStatus } from "@everthread/protocol"

export interface RunFacts {
  readonly conversation: string
  readonly title: string | undefined
  readonly run: string
  readonly agent: string
  /** The message that it answers, or how that begins. */
  readonly asked: string
  readonly status: RunStatus
  /** 0 until a worker has claimed it. Attempts that a person's answer began are not counted. */
  readonly attempt: number
  /** Who owns it, or owned it last. */
  readonly node: string | undefined
}

export interface NodeFacts {
  readonly connections: number
  /** Of the whole store. `undefined`: it was not asked, or the store did not answer. */
  readonly runs: readonly RunFacts[] | undefined
}

export type FromNode =
  | { readonly type: "ready"; readonly port: number; readonly agents: readonly string[]; readonly engine: string }
  | { readonly type: "facts"; readonly ask: number; readonly facts: NodeFacts }

export interface Look {
  readonly type: "look"
  readonly ask: number
  /** Asks for the store's runs, too: those that are open, and the last ones of these conversations. */
  readonly conversations: readonly string[] | undefined
}
