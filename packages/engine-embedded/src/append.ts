/**
 * The append: its checks, then its writes, inside one transaction. (SPEC LOG3)
 *
 * The order of the checks: a repeat is answered before anything else is asked, because what was acknowledged
 * stays acknowledged, whatever has changed since (a member who left, a value that was set by this very append).
 */
import type {
  Appended,
  AppendRequest,
  AppendResult,
  CreateRequest,
  CreateResult,
  Entry,
  Fence,
} from "@everthread/engine"
import { seqOf } from "@everthread/protocol"
import { beginValues, changeMembers, changeRuns, fulfil, getValue, isMember } from "./facts.ts"
import {
  cursorOf,
  getHead,
  type Head,
  isCurrentFence,
  isReleasedFence,
  type Place,
  putHead,
  startPlace,
} from "./head.ts"
import { findRepeat, keepKey } from "./idempotency.ts"
import { putEntries } from "./log-records.ts"
import type { Tables } from "./tables.ts"

/** The moment of an append, and how long its idempotency key is kept. */
export interface Moment {
  readonly now: number
  readonly keyTtlMs: number
}

/** A result, and what listeners are told of it once it is durable. */
export interface Outcome<R> {
  readonly result: R
  readonly appended?: Appended
}

export function append(tables: Tables, request: AppendRequest, moment: Moment): Outcome<AppendResult> {
  const head = getHead(tables, request.conversation)
  if (!head) return { result: { status: "no-conversation" } }
  const refusal = refuse(tables, head, request, moment)
  if (refusal) return { result: refusal }
  const { prev, entries, last } = write(tables, head, request)
  if (request.idempotency) {
    keepKey(tables, request.conversation, request.idempotency, last, moment.now, moment.keyTtlMs)
  }
  const result = { status: "appended", prev, cursor: cursorOf(last), first: head.seq + 1, seq: last.seq } as const
  return { result, appended: { conversation: request.conversation, prev, entries } }
}

/** @returns why nothing is appended, or `undefined`. It only reads. */
function refuse(tables: Tables, head: Head, request: AppendRequest, moment: Moment): AppendResult | undefined {
  const { conversation, idempotency, member, fence, expect } = request
  const repeat = idempotency && findRepeat(tables, conversation, idempotency, moment.now)
  if (repeat) return repeat
  if (member !== undefined && !isMember(tables, conversation, member)) return { status: "not-member" }
  if (fence) {
    const refusal = refuseFence(head, fence, request.n)
    if (refusal) return refusal
  }
  const moved = refuseMoved(head, request)
  if (moved) return moved
  if (!expect) return undefined
  const actual = getValue(tables, conversation, expect.name)
  return actual === expect.is ? undefined : { status: "unexpected", actual }
}

function refuseFence(head: Head, fence: Fence, n: number | undefined): AppendResult | undefined {
  if (isCurrentFence(head, fence)) return refuseOutOfTurn(head, n)
  // The append that gave the conversation up may be repeated, too.
  const again = n !== undefined && isReleasedFence(head, fence) ? refuseOutOfTurn(head, n) : undefined
  return again ?? { status: "fenced" }
}

/** An owner's appends are counted: the last one may be repeated, anything else out of turn is of another attempt. */
function refuseOutOfTurn(head: Head, n: number | undefined): AppendResult | undefined {
  if (n === undefined || n === head.n) return undefined
  if (n !== head.n - 1 || !head.last) return { status: "fenced" }
  return { status: "duplicate", cursor: cursorOf(head.last), seq: head.last.seq }
}

/** Another history may be shorter than the one in which something was decided: that is a move too. */
function refuseMoved(head: Head, { after, grownMax = 0 }: AppendRequest): AppendResult | undefined {
  if (after === undefined) return undefined
  const grown = head.seq - seqOf(after)
  const holds = grown === 0 ? cursorOf(head) === after : grown > 0 && grown <= grownMax
  return holds ? undefined : { status: "moved", head: cursorOf(head) }
}

function write(tables: Tables, head: Head, request: AppendRequest): { prev: string; entries: Entry[]; last: Place } {
  const { conversation, nonce, bodies, fence, release, expect, members, runs } = request
  const entries = putEntries(tables, conversation, head, nonce, bodies)
  const last = { seq: head.seq + entries.length, nonce }
  const moved = { ...head, ...last, ...(fence ? { n: head.n + 1, last } : {}) }
  putHead(tables, conversation, release && fence ? givenUp(moved, fence) : moved)
  if (expect) fulfil(tables, conversation, expect)
  if (members) changeMembers(tables, conversation, members)
  if (runs) changeRuns(tables, conversation, last.seq, runs)
  return { prev: cursorOf(head), entries, last }
}

function givenUp({ owner: _, ...head }: Head, released: Fence): Head {
  return { ...head, released }
}

export function create(tables: Tables, request: CreateRequest, moment: Moment): Outcome<CreateResult> {
  const { conversation, nonce, bodies, members, values, idempotency } = request
  if (getHead(tables, conversation)) {
    const repeat = idempotency && findRepeat(tables, conversation, idempotency, moment.now)
    return { result: repeat?.status === "duplicate" ? repeat : { status: "exists" } }
  }
  const entries = putEntries(tables, conversation, startPlace, nonce, bodies)
  const last = { seq: entries.length, nonce }
  putHead(tables, conversation, { ...last, trimmed: startPlace, fence: 0, n: 0 })
  changeMembers(tables, conversation, members)
  if (values) beginValues(tables, conversation, values)
  if (idempotency) keepKey(tables, conversation, idempotency, last, moment.now, moment.keyTtlMs)
  const appended = { conversation, prev: cursorOf(startPlace), entries }
  return { result: { status: "created", cursor: cursorOf(last), seq: last.seq }, appended }
}
