/**
 * One owner at a time writes, and each kept superstep follows the one before: by what was done at the store, whatever the
 * store thinks of it. Only where somebody can look inside. (SPEC RUN2, RUN8, TOO3)
 */
import type { Deed, FenceOf, Finding, History } from "../history/history.ts"

type Found = Omit<Finding, "conversation" | "device">

export function checkOwner({ conversation, deeds = [] }: History): Finding[] {
  const owned = deeds.filter((deed) => deed.conversation === conversation)
  return [...claims(owned), ...ownersWrites(owned), ...lines(owned)].map((one) => ({ conversation, ...one }))
}

function claims(deeds: readonly Deed[]): Found[] {
  const found: Found[] = []
  let last = 0
  for (const deed of deeds) {
    if (deed.type !== "claim") continue
    if (deed.fence.number <= last) {
      found.push({ law: "fence", what: `${deed.node} was given the fence ${deed.fence.number} after ${last}` })
    }
    last = Math.max(last, deed.fence.number)
  }
  return found
}

function ownersWrites(deeds: readonly Deed[]): Found[] {
  const found: Found[] = []
  let owner: FenceOf | undefined
  for (const deed of deeds) {
    if (deed.type === "claim") owner = deed.fence
    else if (deed.fence.number !== owner?.number || deed.fence.nonce !== owner.nonce) {
      const what = whatIsWritten(deed)
      found.push({ law: "fence", what: `${what} was written under ${deed.fence.number}, and ${owner?.number} owned` })
    }
  }
  return found
}

function whatIsWritten(deed: Exclude<Deed, { type: "claim" }>): string {
  if (deed.type === "output") return `the entry ${deed.seq}`
  return deed.type === "effect" ? `the effect ${deed.key}` : `the checkpoint ${deed.id}`
}

function lines(deeds: readonly Deed[]): Found[] {
  const newest = new Map<string, string>()
  return deeds.flatMap((deed): Found[] => {
    if (deed.type !== "checkpoint") return []
    const before = newest.get(deed.thread)
    newest.set(deed.thread, deed.id)
    if (deed.parent === before) return []
    return [{ law: "checkpoints", what: `${deed.id} follows ${deed.parent}, and the newest was ${before}` }]
  })
}
