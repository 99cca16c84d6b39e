/**
 * Who is next where not everybody can be worked on at once. Pure. (SPEC AGT3, AGT4)
 *
 * 1. Whoever was passed too often by others that came later: the longest there first. So nobody waits for ever,
 *    whatever comes in.
 * 2. The user who holds the fewest places here: one with many conversations does not push the others out.
 * 3. The conversation that was served least recently.
 * 4. Whoever came first.
 *
 * The last free place is never a user's second one: somebody who comes now and has none need not wait for a run to end.
 */

/** A conversation that waits for a place. */
export interface Waiting {
  readonly conversation: string
  /** Who asked. */
  readonly user: string
  /** A number that rises with each one that comes. */
  readonly since: number
  /** A number that rises with each one that is served; 0: not yet. */
  readonly servedAt: number
  /** How many that came later were given a place that this one could have had. */
  readonly passed: number
}

export interface Places {
  readonly free: number
  /** How many each user holds. */
  readonly held: ReadonlyMap<string, number>
}

/** So often somebody is passed by others that came later, and no more. */
export const passedMax = 16

/** @returns whoever gets the next place; nobody, where none is free that one of them may have. */
export function nextOf(waiting: readonly Waiting[], places: Places): Waiting | undefined {
  return waiting.reduce<Waiting | undefined>((best, one) => {
    if (!mayHave(one, places)) return best
    return best === undefined || comesBefore(one, best, places) ? one : best
  }, undefined)
}

/** Whether there is a place that it may have. */
export function mayHave({ user }: Waiting, { free, held }: Places): boolean {
  return free > 1 || (free === 1 && (held.get(user) ?? 0) === 0)
}

/** @returns the first `max` of them in the order in which they will be served if nobody else comes and nobody ends. */
export function firstOf(waiting: readonly Waiting[], { held }: Places, max: number): Waiting[] {
  const taken = new Map(held)
  const rest = new Set(waiting)
  const order: Waiting[] = []
  while (order.length < max) {
    const next = nextOf([...rest], { free: Number.POSITIVE_INFINITY, held: taken })
    if (!next) break
    rest.delete(next)
    order.push(next)
    taken.set(next.user, (taken.get(next.user) ?? 0) + 1)
  }
  return order
}

function comesBefore(one: Waiting, other: Waiting, { held }: Places): boolean {
  const oneIsOverdue = one.passed >= passedMax
  if (oneIsOverdue !== other.passed >= passedMax) return oneIsOverdue
  if (oneIsOverdue) return one.since < other.since
  const places = (held.get(one.user) ?? 0) - (held.get(other.user) ?? 0)
  if (places !== 0) return places < 0
  return one.servedAt === other.servedAt ? one.since < other.since : one.servedAt < other.servedAt
}
