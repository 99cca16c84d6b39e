/** Paging back through a conversation in which an open run keeps old messages in the state. */
import {
  type ConversationState,
  type EventBody,
  emptyState,
  type LogEvent,
  limits,
  reduceAll,
} from "@everthread/protocol"
import { allMessages, nextPageEnd, type Paged, pagedAfter, withPage } from "../src/paged.ts"

const by = { user: "ann", device: "phone" }
const message = (n: number): EventBody => ({ type: "message", time: 0, by, id: `m${n}`, key: `k${n}`, text: `${n}` })
const chatter = (from: number, length: number) => Array.from({ length }, (_, at) => message(from + at))
const placed = (from: number, bodies: readonly EventBody[]) =>
  bodies.map((body, at): LogEvent => ({ ...body, seq: from + at }))

/** The message that a run is to answer, and so many that came after it: more than a window. */
const asked: EventBody[] = [message(0), { type: "run.queued", time: 0, by, run: "r", agent: "scribe", message: "m0" }]
const events = placed(1, [...asked, ...chatter(1, limits.stateMessagesMax + 60)])
const state = reduceAll(emptyState, events)
/** Everything, without a window: what the server's archive and snapshot hold together. */
const everything = events.flatMap((event) => reduceAll(emptyState, [event]).messages)

function pageBack(paged: Paged | undefined, now: ConversationState, max: number): Paged {
  const end = nextPageEnd(paged, now) ?? Number.MAX_SAFE_INTEGER
  const older = everything.filter(({ seq }) => seq < end)
  return withPage(paged, now, older.slice(-max), older.length > max)
}

const idsOf = (paged: Paged | undefined, now: ConversationState) => allMessages(paged, now).map(({ id }) => id)
const ids = (length: number) => Array.from({ length }, (_, n) => `m${n}`)

test("[LOG8] the pages fill the hole behind what a run keeps, and show nothing twice", () => {
  expect(state.messages[0]?.id).toBe("m0")
  let paged: Paged | undefined
  do paged = pageBack(paged, state, 25)
  while (paged.more)
  expect(idsOf(paged, state)).toEqual(ids(limits.stateMessagesMax + 61))
})

test("[LOG8] what the run kept joins the pages when the run has ended", () => {
  const paged = pageBack(undefined, state, 1_000)
  const after = placed(state.seq + 1, [
    { type: "run.ended", time: 0, run: "r", outcome: "completed" },
    ...chatter(limits.stateMessagesMax + 61, 1),
  ])
  const ended = reduceAll(state, after)
  expect(ended.messages[0]?.id).not.toBe("m0")
  expect(idsOf(pagedAfter(paged, state, after), ended)).toEqual(ids(limits.stateMessagesMax + 62))
})

describe("what expires", () => {
  const place = 41
  const after = placed(state.seq + 1, [{ type: "expired", time: 0, upTo: place }])
  const expired = reduceAll(state, after)
  const left = ["m0", ...ids(limits.stateMessagesMax + 61).slice(place - 1)]

  test("[RET1] it leaves the pages, too, but for what an open run needs, and nothing older is promised", () => {
    const paged = pagedAfter(pageBack(undefined, state, 60), state, after)
    expect(expired.messages[0]?.id).toBe("m0")
    expect(idsOf(paged, expired)).toEqual(left)
    expect(paged.more).toBe(false)
  })

  test("[RET1] a page that was read before it and comes after it brings nothing back", () => {
    const page = everything.filter(({ seq }) => seq < (nextPageEnd(undefined, state) ?? 0))
    expect(idsOf(withPage(undefined, expired, page, false), expired)).toEqual(left)
  })

  test("[RET1] what the run kept of it does not join the pages when the run has ended", () => {
    const more = placed(expired.seq + 1, [
      { type: "run.ended", time: 0, run: "r", outcome: "completed" },
      ...chatter(limits.stateMessagesMax + 61, 1),
    ])
    const ended = reduceAll(expired, more)
    const paged = pagedAfter(pagedAfter(pageBack(undefined, state, 60), state, after), expired, more)
    expect(ended.messages[0]?.id).not.toBe("m0")
    expect(idsOf(paged, ended)).toEqual(ids(limits.stateMessagesMax + 62).slice(place - 1))
  })
})
