/**
 * Holds what devices show against what was sent, by the checker that judges Everthread.
 *
 * The checker judges a history: a log, and what devices saw of it. Who promises no log is judged once for each device, as
 * if what that device shows were the log. Then the checker says of it what was acknowledged and is not there, what is
 * there twice, what nobody sent, and whose messages stand in another order than they were written in. Whether devices
 * differ in their order is counted apart, because not everybody promises one.
 */
import { type ChatMessage, emptyState, type LogEvent } from "@everthread/protocol"
import { check, type DeviceHistory, type Expected, type Finding, type History, type View } from "@everthread/sim"
import type { DeviceRecord, Gap } from "./contestant.ts"
import { disordersIn } from "./disorder.ts"

export interface Verdict {
  readonly sent: number
  readonly acknowledged: number
  /** Of an acknowledged message and a device that shows it not: so many, of as many as there should be. */
  readonly lost: number
  readonly deliveries: number
  /** How many of the lost are of a time for which their device was told that something may be missing. */
  readonly lostAndTold: number
  readonly gapsTold: number
  readonly doubled: number
  /** Neighbours on one device that another one shows the other way round, each pair once. */
  readonly disordered: number
  /** A writer's own messages that a device shows in another order than they were written in. */
  readonly unlikeWritten: number
  /** Everything else that the checker found. */
  readonly others: readonly Finding[]
}

const expected: Expected = { rollback: false, present: undefined, answer: () => [] }

export function judge(room: string, devices: readonly DeviceRecord[]): Verdict {
  const found = devices.map((device) => ({ device, findings: check(asLogOf(device, room, devices), expected) }))
  const all = found.flatMap(({ findings }) => findings)
  const counted = (law: string) => all.filter((finding) => finding.law === law).length
  const sent = devices.flatMap((device) => device.sent)
  const acknowledged = sent.filter(({ ack }) => ack !== undefined)
  return {
    sent: sent.length,
    acknowledged: acknowledged.length,
    lost: counted("acked"),
    deliveries: acknowledged.length * devices.length,
    lostAndTold: devices.reduce((sum, device) => sum + toldOf(device, acknowledged), 0),
    gapsTold: devices.reduce((sum, { gaps }) => sum + gaps.length, 0),
    doubled: devices.reduce((sum, { shown }) => sum + shown.length - new Set(shown).size, 0),
    disordered: disordersIn(devices.map(({ shown }) => shown)),
    unlikeWritten: counted("written order"),
    others: all.filter(({ law }) => !["acked", "once", "written order"].includes(law)),
  }
}

/** The history in which all that is in the log is what this device shows. */
function asLogOf({ shown }: DeviceRecord, conversation: string, devices: readonly DeviceRecord[]): History {
  const writers = new Map(devices.flatMap((writer) => writer.sent.map(({ text }) => [text, writer] as const)))
  const events = shown.map((text, index): LogEvent & { type: "message" } => {
    const { user, device } = writers.get(text) ?? { user: "nobody", device: "nowhere" }
    return { type: "message", seq: index + 1, time: 0, by: { user, device }, id: `${index + 1}`, key: text, text }
  })
  const log = events.map((event) => ({ cursor: cursorAt(event.seq), event }))
  const view = viewOf(events)
  const places = new Map([...shown].reverse().map((text, index) => [text, shown.length - index]))
  const histories = devices.map(({ user, device, sent }): DeviceHistory => {
    // Without times: that the order agrees with real time is a promise of who has one log.
    const placed = sent.map(({ text, times, ack, refused }) => {
      return { text, times, refused, ack: ack && ackAt(places.get(text) ?? 0) }
    })
    return { user, device, steps: [], wire: [], sent: placed, end: view }
  })
  return { conversation, devices: histories, log, fresh: view }
}

const cursorAt = (seq: number): string => `${seq}-1`
const ackAt = (seq: number) => ({ seq, cursor: cursorAt(seq) })

function viewOf(events: readonly (LogEvent & { type: "message" })[]): View {
  const messages = events.map(({ seq, time, by, id, text }): ChatMessage => {
    return { id, seq, time, role: "user", status: "complete", by, text, blocks: [] }
  })
  const cursor = events.length === 0 ? undefined : cursorAt(events.length)
  return { cursor, state: { ...emptyState, seq: events.length }, messages, pending: 0, present: [] }
}

function toldOf({ shown, gaps }: DeviceRecord, acknowledged: DeviceRecord["sent"]): number {
  const has = new Set(shown)
  return acknowledged.filter((one) => !has.has(one.text) && gaps.some((gap) => isWithin(one, gap))).length
}

/** Generous: any moment at which it was under way will do. */
function isWithin({ writtenMs = 0, ackedMs }: DeviceRecord["sent"][number], { fromMs, toMs }: Gap): boolean {
  return writtenMs <= toMs && (ackedMs ?? writtenMs) >= fromMs
}
