/** The append: one script call, whatever is asked. A run's output takes a shorter script than everything else. */
import type { AppendRequest, AppendResult, CreateRequest, CreateResult, RunAbout } from "@everthread/engine"
import { formatCursor, seqOf } from "@everthread/protocol"
import type { Call } from "../evaluate.ts"
import { fieldOfKey, type Keys } from "../keys.ts"
import { scripts } from "../script.ts"
import type { Store } from "../store.ts"
import { headerOf } from "./published.ts"

/** How long idempotency keys live, and the clock that says which period it is. */
export interface KeyPeriods {
  readonly now: () => number
  readonly keyTtlMs: number
}

export function append(store: Store, keys: Keys, periods: KeyPeriods, request: AppendRequest): Promise<AppendResult> {
  const isOutput = request.fence && request.n !== undefined && !request.idempotency && !hasMore(request)
  const call = isOutput ? outputCall(keys, request) : fullCall(keys, periods, request)
  return store.run(call).then(({ text, nonce }) => resultOf(text, nonce, request))
}

const hasMore = ({ member, release, expect, after, members, runs }: AppendRequest): boolean =>
  (member ?? release ?? expect ?? after ?? members ?? runs) !== undefined

// These two make every append's arguments, and are written so that they make little beside them.

export function outputCall(keys: Keys, request: AppendRequest): Call {
  const { conversation, nonce, bodies } = request
  const partition = keys.partitionOf(conversation)
  const meta = keys.meta(conversation)
  const [needed, becomes] = ownersOf(request)
  return {
    script: scripts.appendOutput,
    partition,
    nonce,
    namesLineage: true,
    keys: [keys.log(conversation), meta],
    answersFor: meta,
    args: [needed, becomes, keys.channel(partition), headerOf(request), ...bodies],
  }
}

function fullCall(keys: Keys, periods: KeyPeriods, request: AppendRequest): Call {
  const { conversation, nonce, bodies, idempotency, members, runs, fence } = request
  const partition = keys.partitionOf(conversation)
  const meta = keys.meta(conversation)
  const touched: [string, ...string[]] = [keys.log(conversation), meta]
  if (idempotency) touched.push(keys.idempotency(conversation))
  if (runs?.length) touched.push(keys.openRuns(partition))
  if (request.release) touched.push(keys.owners(partition))
  for (const { user } of members ?? []) touched.push(keys.memberships(partition, user))
  const args = [
    keys.channel(partition),
    headerOf(request),
    request.member ?? "",
    ...keyArgs(idempotency, periods),
    ...ownersOf(request),
    moreOf(request, periods.now),
    ...bodies,
  ]
  const repeatable = idempotency !== undefined || (fence !== undefined && request.n !== undefined)
  return {
    script: scripts.append,
    ...{ partition, nonce, namesLineage: true, keys: touched, answersFor: meta, args, repeatable },
  }
}

/** The owner that the append needs, and the one it leaves: the same fence with one more append counted. */
function ownersOf({ fence, n }: AppendRequest): [string, string] {
  if (!fence) return ["", ""]
  const owner = `${fence.number}:${fence.nonce}:`
  // Without a count any number of appends may have come before: the script compares up to the last colon.
  return n === undefined ? [owner, owner] : [`${owner}${n}`, `${owner}${n + 1}`]
}

/** Runs are named by conversation and run: two conversations may give the same name to theirs. */
export const fieldOfRun = (conversation: string, run: string): string => JSON.stringify([conversation, run])

/** What stands behind the seq of an opening. */
const openedAt = (now: number, about: RunAbout | undefined): string =>
  about ? `${now} ${JSON.stringify({ agent: about.agent, user: about.user })}` : String(now)

function moreOf(request: AppendRequest, now: () => number): string {
  const { conversation, release, expect, after, grownMax = 0, members, runs } = request
  if (!release && !expect && after === undefined && !members && !runs) return ""
  return JSON.stringify({
    ...(release ? { release: conversation } : {}),
    ...(after === undefined ? {} : { after: [after, seqOf(after), grownMax] }),
    ...(expect ? { expect: [expect.name, expect.is, expect.becomes] } : {}),
    ...(members ? { conversation, members: members.map(({ user, role }) => [user, role]) } : {}),
    ...(runs?.length
      ? { runs: runs.map(({ run, state, about }) => [fieldOfRun(conversation, run), state, openedAt(now(), about)]) }
      : {}),
  })
}

export interface Periods {
  readonly current: string
  /** The oldest one whose keys still hold. */
  readonly oldest: string
}

const periodRadix = 36

/**
 * A key's record names the period it is of, and holds in that one and the next: so it lives for one to two of them.
 * One of a later period holds as well: the clocks of two nodes are never quite the same, and one may be set back.
 */
export function periodsOf({ now, keyTtlMs }: KeyPeriods): Periods {
  const period = Math.floor(now() / keyTtlMs)
  return { current: period.toString(periodRadix), oldest: Math.max(0, period - 1).toString(periodRadix) }
}

/** @param period what a key's record names. */
export const holds = (period: string, { oldest }: Periods): boolean =>
  Number.parseInt(period, periodRadix) >= Number.parseInt(oldest, periodRadix)

function keyArgs(idempotency: AppendRequest["idempotency"], periods: KeyPeriods): string[] {
  if (!idempotency) return ["", "", "", "", "", ""]
  const { current, oldest } = periodsOf(periods)
  const seconds = Math.ceil((periods.keyTtlMs * 2) / 1_000)
  const { key, digest, ref = "" } = idempotency
  return [fieldOfKey(key), current, oldest, digest, ref, String(seconds)]
}

export function resultOf(text: string, nonce: string, request: AppendRequest): AppendResult {
  const rest = text.slice(2)
  switch (text[0]) {
    case "a": {
      const first = seqOf(rest) + 1
      const seq = first + request.bodies.length - 1
      return { status: "appended", prev: rest, cursor: formatCursor(seq, nonce), first, seq }
    }
    case "d":
      return { status: "duplicate", ...placeOf(rest) }
    case "r":
      return { status: "key-reused" }
    case "f":
      return { status: "fenced" }
    case "m":
      return { status: "not-member" }
    case "h":
      return { status: "moved", head: rest }
    case "u":
      return { status: "unexpected", actual: text.length === 1 ? null : text.slice(1) }
    default:
      return { status: "no-conversation" }
  }
}

function placeOf(text: string): { cursor: string; seq: number; ref?: string } {
  const [cursor = "", ref = ""] = text.split(" ")
  return { cursor, seq: seqOf(cursor), ...(ref === "" ? {} : { ref }) }
}

export async function create(
  store: Store,
  keys: Keys,
  periods: KeyPeriods,
  request: CreateRequest,
): Promise<CreateResult> {
  const { conversation, nonce, bodies, members, values = {}, idempotency } = request
  const partition = keys.partitionOf(conversation)
  const meta = keys.meta(conversation)
  const memberships = members.map(({ user }) => keys.memberships(partition, user))
  const { text } = await store.run({
    script: scripts.create,
    partition,
    nonce,
    namesLineage: true,
    answersFor: meta,
    keys: [keys.log(conversation), meta, keys.idempotency(conversation), keys.conversations(partition), ...memberships],
    args: [
      keys.channel(partition),
      headerOf({ conversation }),
      conversation,
      ...keyArgs(idempotency, periods),
      JSON.stringify(members.map(({ user, role }) => [user, role])),
      JSON.stringify(Object.entries(values)),
      ...bodies,
    ],
    repeatable: idempotency !== undefined,
  })
  if (text[0] === "a") return { status: "created", ...placeOf(text.slice(2)) }
  return text[0] === "d" ? { status: "duplicate", ...placeOf(text.slice(2)) } : { status: "exists" }
}
