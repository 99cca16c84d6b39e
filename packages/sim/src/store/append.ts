/** The append: its checks, in the order that the contract wants, then everything it changes. (SPEC LOG3) */
import type {
  Appended,
  AppendRequest,
  AppendResult,
  CreateRequest,
  CreateResult,
  Entry,
  Expectation,
  Fence,
  MemberChange,
  RunChange,
} from "@everthread/engine"
import { formatCursor, seqOf } from "@everthread/protocol"
import { type ConversationRecord, cursorOf, isSameFence, type Place, type State, startPlace } from "./state.ts"

/** A result, and what is published of it. */
export interface Outcome<R> {
  readonly result: R
  readonly appended?: Appended
}

export function append(state: State, request: AppendRequest): Outcome<AppendResult> {
  const held = state.conversations.get(request.conversation)
  if (!held) return { result: { status: "no-conversation" } }
  const refusal = refuse(held, request)
  return refusal ? { result: refusal } : write(state, held, request)
}

function refuse(held: ConversationRecord, request: AppendRequest): AppendResult | undefined {
  const { idempotency, member, fence, expect } = request
  const repeat = idempotency && repeatOf(held, idempotency)
  if (repeat) return repeat
  if (member !== undefined && !held.members.has(member)) return { status: "not-member" }
  const refusal = fence && refuseFence(held, fence, request.n)
  if (refusal) return refusal
  const moved = refuseMoved(held, request)
  if (moved) return moved
  const actual = expect ? (held.values.get(expect.name) ?? null) : null
  return expect && actual !== expect.is ? { status: "unexpected", actual } : undefined
}

type Idempotency = NonNullable<AppendRequest["idempotency"]>
type Repeat = Extract<AppendResult, { status: "duplicate" | "key-reused" }>

function repeatOf({ keys }: ConversationRecord, { key, digest }: Idempotency): Repeat | undefined {
  const known = keys.get(key)
  if (!known) return undefined
  if (known.digest !== digest) return { status: "key-reused" }
  const { seq, ref } = known
  return { status: "duplicate", cursor: cursorOf(known), seq, ...(ref === undefined ? {} : { ref }) }
}

function refuseFence(held: ConversationRecord, fence: Fence, n: number | undefined): AppendResult | undefined {
  if (isSameFence(held.owner?.fence, fence)) return refuseOutOfTurn(held, n)
  const again = n !== undefined && isSameFence(held.released, fence) ? refuseOutOfTurn(held, n) : undefined
  return again ?? { status: "fenced" }
}

function refuseOutOfTurn(held: ConversationRecord, n: number | undefined): AppendResult | undefined {
  if (n === undefined || n === held.n) return undefined
  if (n !== held.n - 1 || !held.last) return { status: "fenced" }
  return { status: "duplicate", cursor: cursorOf(held.last), seq: held.last.seq }
}

function refuseMoved({ head }: ConversationRecord, request: AppendRequest): AppendResult | undefined {
  const { after, grownMax = 0 } = request
  if (after === undefined) return undefined
  const grown = head.seq - seqOf(after)
  const holds = grown === 0 ? cursorOf(head) === after : grown > 0 && grown <= grownMax
  return holds ? undefined : { status: "moved", head: cursorOf(head) }
}

function write(state: State, held: ConversationRecord, request: AppendRequest): Outcome<AppendResult> {
  const { conversation, fence, idempotency, expect, members, runs } = request
  const prev = held.head
  const entries = put(held, request)
  const last = held.head
  if (fence) own(state, held, request, fence)
  if (idempotency) keep(held, idempotency, last)
  if (expect) fulfil(held, expect)
  if (members) changeMembers(held, members)
  if (runs) changeRuns(state, held, runs)
  const result = {
    status: "appended",
    prev: cursorOf(prev),
    cursor: cursorOf(last),
    first: prev.seq + 1,
    seq: last.seq,
  } as const
  return { result, appended: { conversation, prev: cursorOf(prev), entries } }
}

function put(held: ConversationRecord, { nonce, bodies }: Pick<AppendRequest, "nonce" | "bodies">): Entry[] {
  const first = held.head.seq + 1
  const entries = bodies.map((body, index) => {
    const seq = first + index
    return { seq, cursor: formatCursor(seq, nonce), body }
  })
  held.entries.push(...entries)
  held.head = { seq: held.head.seq + entries.length, nonce }
  return entries
}

function own(state: State, held: ConversationRecord, request: AppendRequest, fence: Fence): void {
  held.n += 1
  held.last = held.head
  state.deeds.push({ type: "output", conversation: request.conversation, fence, seq: held.head.seq })
  if (!request.release) return
  held.owner = undefined
  held.released = fence
}

function keep({ keys }: ConversationRecord, { key, digest, ref }: Idempotency, place: Place): void {
  keys.set(key, { ...place, digest, ...(ref === undefined ? {} : { ref }) })
}

function fulfil({ values }: ConversationRecord, { name, becomes }: Expectation): void {
  if (becomes === null) values.delete(name)
  else values.set(name, becomes)
}

function changeMembers({ members }: ConversationRecord, changes: readonly MemberChange[]): void {
  for (const { user, role } of changes) {
    if (role === null) members.delete(user)
    else members.set(user, role)
  }
}

function changeRuns(state: State, held: ConversationRecord, changes: readonly RunChange[]): void {
  for (const { run, state: becomes, about } of changes) {
    if (becomes === "open") held.openRuns.set(run, { seq: held.head.seq, order: ++state.openings, about })
    else {
      held.openRuns.delete(run)
      held.effects.delete(run)
    }
  }
}

export function create(state: State, request: CreateRequest): Outcome<CreateResult> {
  const { conversation, members, values = {}, idempotency } = request
  const known = state.conversations.get(conversation)
  if (known) {
    const repeat = idempotency && repeatOf(known, idempotency)
    return { result: repeat?.status === "duplicate" ? repeat : { status: "exists" } }
  }
  const held = freshRecord()
  state.conversations.set(conversation, held)
  const entries = put(held, request)
  changeMembers(held, members)
  for (const [name, value] of Object.entries(values)) held.values.set(name, value)
  if (idempotency) keep(held, idempotency, held.head)
  const appended = { conversation, prev: cursorOf(startPlace), entries }
  return { result: { status: "created", cursor: cursorOf(held.head), seq: held.head.seq }, appended }
}

function freshRecord(): ConversationRecord {
  return {
    entries: [],
    gone: [],
    head: startPlace,
    trimmed: startPlace,
    fence: 0,
    owner: undefined,
    n: 0,
    last: undefined,
    released: undefined,
    snapshot: undefined,
    keys: new Map(),
    values: new Map(),
    members: new Map(),
    archive: new Map(),
    openRuns: new Map(),
    effects: new Map(),
  }
}
