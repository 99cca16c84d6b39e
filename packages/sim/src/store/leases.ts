/** Ownership, by the store's word: who may write a run's output. (SPEC RUN2) */
import type { Announcement, ClaimRequest, Fence, OpenRun } from "@everthread/engine"
import { isSameFence, type State } from "./state.ts"

export function beat({ beats }: State, node: string): number {
  const count = (beats.get(node) ?? 0) + 1
  beats.set(node, count)
  return count
}

export function claim(state: State, { conversation, run, node, nonce, instead }: ClaimRequest): Fence | undefined {
  const held = state.conversations.get(conversation)
  if (!held?.openRuns.has(run)) return undefined
  const stands = instead ? isSameFence(held.owner?.fence, instead) : held.owner === undefined
  if (!stands) return undefined
  const fence = { number: held.fence + 1, nonce }
  held.fence = fence.number
  held.owner = { node, run, fence }
  held.n = 0
  held.last = undefined
  held.released = undefined
  state.deeds.push({ type: "claim", conversation, fence, node })
  return fence
}

/** The number stays behind, so that the next owner's is higher and the one given up never comes back. */
export function release(state: State, conversation: string, fence: Fence): void {
  const held = state.conversations.get(conversation)
  if (!held || !isSameFence(held.owner?.fence, fence)) return
  held.owner = undefined
  held.last = undefined
  held.n = 0
}

export function settle(state: State, conversation: string, run: string, seq: number): void {
  const openRuns = state.conversations.get(conversation)?.openRuns
  if (openRuns?.get(run)?.seq === seq) openRuns.delete(run)
}

export function listOpenRuns({ conversations }: State): OpenRun[] {
  const all = [...conversations].flatMap(([conversation, { openRuns, owner }]) =>
    [...openRuns].map(([run, { seq, order, about }]) => ({ order, opened: { conversation, run, seq, owner, about } })),
  )
  return all.sort((one, other) => one.order - other.order).map(({ opened }) => opened)
}

export function announce({ workers, agents }: State, announcement: Announcement): void {
  workers.set(announcement.owner, announcement)
  for (const agent of announcement.agents) agents.add(agent)
}

export function withdraw({ workers, agents }: State, announcement: Announcement): void {
  workers.delete(announcement.owner)
  for (const agent of announcement.agents) agents.add(agent)
}
