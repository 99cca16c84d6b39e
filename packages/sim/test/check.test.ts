/** The checker lets good histories pass and finds each mistake that is put into one: a checker that finds nothing proves nothing. */
import fc from "fast-check"
import type { History, Sent, Step, StoredEntry, View } from "../src/index.ts"
import { check } from "../src/index.ts"
import {
  conversation,
  expected,
  goodHistory,
  rolledBack,
  sentAgain,
  withDevice,
  withLog,
} from "./support/good-history.ts"

const seeds = fc.integer({ min: 1, max: 1_000_000 })
const always = (law: (seed: number) => void) =>
  fc.assert(
    fc.property(seeds, (seed) => void law(seed)),
    { numRuns: 50 },
  )
const lawsBroken = (history: History, rollback = false) =>
  new Set(check(history, { ...expected, rollback }).map(({ law }) => law))

/** The first device with its frames changed, on the wire as well. */
const withSteps = (history: History, change: (steps: readonly Step[]) => readonly Step[]): History =>
  withDevice(history, (device) => {
    const steps = change(device.steps)
    return { ...device, steps, wire: [{ asked: undefined, steps }] }
  })

/** What the first device shows at the end changed. */
const withEnd = (history: History, change: (end: View) => View): History =>
  withDevice(history, (device) => ({ ...device, end: device.end && change(device.end) }))

type Frame = Step & { type: "events" }
const isFrame = (step: Step): step is Frame => step.type === "events"
/** Changes the first frame for which `may` holds. */
const changeFrame = (
  steps: readonly Step[],
  may: (frame: Frame) => boolean,
  change: (frame: Frame) => readonly Step[],
) => {
  const index = steps.findIndex((step) => isFrame(step) && may(step))
  const frame = steps[index]
  return frame && isFrame(frame) ? [...steps.slice(0, index), ...change(frame), ...steps.slice(index + 1)] : steps
}
const hasMessage = ({ events }: Frame) => events.some(({ type }) => type === "message")

describe("all is well", () => {
  test("[LOG1] where everybody saw the log, however it was cut into frames", () => {
    always((seed) => expect(check(goodHistory(seed), expected)).toEqual([]))
  })

  test("[LOG8] nobody holds what the log does not where all of the log is trimmed", () => {
    always((seed) => {
      const laws = check({ ...goodHistory(seed), log: [] }, expected).map(({ law }) => law)
      expect(laws).not.toContain("diverged")
      expect(laws).not.toContain("converge")
    })
  })

  test("[LIN1] where a tail was lost and the device that saw it was told so", () => {
    always((seed) => expect(check(rolledBack(seed), { ...expected, rollback: true })).toEqual([]))
  })

  test("[LIN1] [LIN2] where it came back to the very places that it had before", () => {
    always((seed) => expect(check(sentAgain(seed), { ...expected, rollback: true })).toEqual([]))
  })
})

/** The device came back so late that its place was trimmed: the store could not tell that it was of another history. */
const toldTooLate = (seed: number): History =>
  withSteps(rolledBack(seed), (steps) =>
    steps.map((step) => (step.type === "snapshot" ? { ...step, reason: "trimmed" } : step)),
  )

test("[LIN2] a device whose tail was lost may be told that its place was trimmed, where a store may go back", () => {
  always((seed) => {
    expect(check(toldTooLate(seed), { ...expected, rollback: true })).toEqual([])
    expect(lawsBroken(toldTooLate(seed))).toContain("diverged")
  })
})

/** All that a device held when it was told to start over has been trimmed since. */
const trimmedSince = (seed: number): History => {
  const history = rolledBack(seed)
  const from = Math.max(...history.log.map(({ event }) => event.seq))
  return { ...history, log: history.log.filter(({ event }) => event.seq >= from) }
}

test("[LIN1] nobody can tell of what was trimmed whether a device was told to start over for nothing", () => {
  always((seed) => expect([...lawsBroken(trimmedSince(seed), true)]).not.toContain("reset"))
})

describe("the checker finds", () => {
  test("[FRM2] a frame that is missing, and one that comes twice", () => {
    always((seed) => {
      const history = goodHistory(seed)
      expect(lawsBroken(withSteps(history, (steps) => steps.filter((_, index) => index !== 1)))).toContain("chain")
      const twice = withSteps(history, (steps) => changeFrame(steps, hasMessage, (frame) => [frame, frame]))
      expect([...lawsBroken(twice)]).toEqual(expect.arrayContaining(["chain", "once"]))
    })
  })

  test("[FRM1] an event that is missing inside a frame", () => {
    always((seed) => {
      const without = (frame: Frame) => [{ ...frame, events: frame.events.filter(({ type }) => type !== "message") }]
      expect(lawsBroken(withSteps(goodHistory(seed), (steps) => changeFrame(steps, hasMessage, without)))).toContain(
        "dense",
      )
    })
  })

  test("[LOG1] events in another order than the log's", () => {
    always((seed) => {
      const several = (frame: Frame) => hasMessage(frame) && frame.events.length > 1
      const turned = (frame: Frame) => [{ ...frame, events: [...frame.events].reverse() }]
      const renumbered = (frame: Frame) => {
        const seqs = frame.events.map(({ seq }) => seq)
        return [
          { ...frame, events: [...frame.events].reverse().map((event, at) => ({ ...event, seq: seqs[at] ?? 0 })) },
        ]
      }
      const history = goodHistory(seed)
      if (!history.devices[0]?.steps.some((step) => isFrame(step) && several(step))) return
      expect(lawsBroken(withSteps(history, (steps) => changeFrame(steps, several, turned)))).toContain("dense")
      expect(lawsBroken(withSteps(history, (steps) => changeFrame(steps, several, renumbered)))).toContain("diverged")
    })
  })

  test("[NOD1] a device that was given something else than the others", () => {
    always((seed) => {
      const other = (frame: Frame) => [
        {
          ...frame,
          events: frame.events.map((event) => (event.type === "message" ? { ...event, key: "another" } : event)),
        },
      ]
      expect(lawsBroken(withSteps(goodHistory(seed), (steps) => changeFrame(steps, hasMessage, other)))).toContain(
        "diverged",
      )
    })
  })

  test("[LIN1] a device that was not told that its tail is gone", () => {
    always((seed) => {
      const quiet = withSteps(rolledBack(seed), (steps) => steps.filter(isFrame))
      expect([...lawsBroken(quiet, true)]).toEqual(expect.arrayContaining(["chain", "diverged"]))
      const behind = withEnd(goodHistory(seed), (end) => ({ ...end, cursor: "99-1" }))
      expect(lawsBroken(behind, true)).toContain("converge")
    })
  })

  test("[RUN7] a run that is tried before its turn", () => {
    always((seed) => {
      const { log } = goodHistory(seed)
      const queued = log.findIndex(({ event }) => event.type === "run.queued")
      const by = { user: "ada", device: "phone" }
      const other = { type: "run.queued", time: 1, by, run: "other", agent: "reciter", message: "m" } as const
      const begun = { type: "run.attempt", time: 1, run: "other", attempt: 1, node: "n" } as const
      const events = [...log.slice(0, queued + 1).map(({ event }) => event), other, begun]
      const early = events.map((event, index) => ({ cursor: `${index + 1}-5`, event: { ...event, seq: index + 1 } }))
      expect(lawsBroken(withLog(goodHistory(seed), early))).toContain("turns")
    })
  })

  test("[LIN1] a device that was told to start over though nothing was lost", () => {
    always((seed) => {
      expect(lawsBroken(rolledBack(seed))).toContain("reset")
      const needless = withSteps(goodHistory(seed), (steps) => [
        ...steps,
        { type: "snapshot", reason: "diverged", cursor: "0-0", messages: [] },
        ...steps,
      ])
      expect([...lawsBroken(needless, true)]).toEqual(["reset"])
    })
  })

  test("[LIN1] a device to which something stored was shown behind what is not", () => {
    always((seed) => {
      const history = rolledBack(seed)
      const last = history.log.at(-1) as StoredEntry
      const late: Step = { type: "events", prev: "0-0", cursor: last.cursor, events: [last.event] }
      const mixed = withSteps(history, (steps) => {
        const reset = steps.findIndex((step) => step.type === "snapshot")
        return [...steps.slice(0, reset), late, ...steps.slice(reset)]
      })
      // Only where the lost tail lies before it.
      const lostFrom = Math.min(...lostSeqs(history))
      if (lostFrom < last.event.seq) expect(lawsBroken(mixed, true)).toContain("diverged")
    })
  })

  test("[ACK1] an acknowledged message that is not in the log, or elsewhere", () => {
    always((seed) => {
      const history = goodHistory(seed)
      const lost = { text: `${conversation} ada/phone lost`, ack: { cursor: "5-1", seq: 5 }, times: 1 }
      const withLost = withDevice(history, (device) => ({ ...device, sent: [...device.sent, lost] }))
      expect([...lawsBroken(withLost)]).toEqual(["acked"])
      expect([...lawsBroken(withLost, true)]).toEqual(["acked"])
      const moved = withDevice(history, (device) => ({ ...device, sent: device.sent.map(atAnotherPlace) }))
      expect([...lawsBroken(moved)]).toEqual(["acked"])
    })
  })

  test("[ACK3] a message that was stored twice", () => {
    always((seed) => {
      const history = goodHistory(seed)
      const entry = history.log.find(({ event }) => event.type === "message") as StoredEntry
      const seq = history.log.length + 1
      const twice = { cursor: `${seq}-7`, event: { ...entry.event, seq, id: "another-id" } } as StoredEntry
      expect(lawsBroken(withLog(history, [...history.log, twice]))).toContain("once")
    })
  })

  test("[ACK2] a message that nobody sent", () => {
    always((seed) => {
      const forgotten = withDevice(goodHistory(seed), (device) => ({ ...device, sent: device.sent.slice(1) }))
      expect([...lawsBroken(forgotten)]).toEqual(["phantom"])
    })
  })

  test("messages of one device that are in another order than they were written in", () => {
    always((seed) => {
      const turned = withDevice(goodHistory(seed), (device) => ({ ...device, sent: [...device.sent].reverse() }))
      expect([...lawsBroken(turned)]).toEqual(["written order"])
    })
  })

  test("[SNP1] a device that shows another state, or something that is not stored", () => {
    always((seed) => {
      const history = goodHistory(seed)
      const end = (change: (end: View) => View) => lawsBroken(withEnd(history, change))
      expect([...end((shown) => ({ ...shown, state: { ...shown.state, older: true } }))]).toEqual(["converge"])
      expect([...end((shown) => ({ ...shown, messages: shown.messages.slice(1) }))]).toEqual(["converge"])
      expect([...end((shown) => ({ ...shown, pending: 1 }))]).toEqual(["converge"])
      expect([...end((shown) => ({ ...shown, present: ["ada/phone"] }))]).toEqual(["present"])
    })
  })

  test("[RUN2] an attempt that writes after the next one has begun", () => {
    always((seed) => {
      const history = goodHistory(seed)
      const late = history.log.findIndex(({ event }) => event.type === "delta" && event.message === "m2")
      const log = history.log.map((entry, index) =>
        index === late ? ({ ...entry, event: { ...entry.event, message: "m1" } } as StoredEntry) : entry,
      )
      expect(lawsBroken(withLog(history, log))).toContain("one owner")
    })
  })

  test("[RUN3] a run without an end, with two, and an answer that is not whole", () => {
    always((seed) => {
      const history = goodHistory(seed)
      const ended = history.log.find(({ event }) => event.type === "run.ended") as StoredEntry
      expect(lawsBroken(withLog(history, renumbered(history.log.filter((entry) => entry !== ended))))).toContain(
        "runs end",
      )
      expect(lawsBroken(withLog(history, renumbered([...history.log, ended])))).toContain("runs end")
      const lastDelta = history.log.findLast(({ event }) => event.type === "delta")
      const cut = renumbered(history.log.filter((entry) => entry !== lastDelta))
      expect(lawsBroken(withLog(history, cut))).toContain("answer")
      const attempt = history.log.find(({ event }) => event.type === "run.attempt")
      expect(lawsBroken(withLog(history, renumbered(history.log.filter((entry) => entry !== attempt))))).toContain(
        "attempts",
      )
    })
  })

  test("[RUN3] a device that was shown something twice, or what a dead attempt had said beside the new", () => {
    always((seed) => {
      const history = goodHistory(seed)
      const kept = history.log.map((entry) =>
        entry.event.type === "rewind" ? { ...entry, event: { ...entry.event, messages: [] } } : entry,
      )
      expect(lawsBroken(withLog(history, kept))).toContain("shown")
      const again = history.log.findLast(({ event }) => event.type === "delta") as StoredEntry
      const twice = history.log.map((entry) => {
        const { event } = entry
        if (event.type !== "delta" || event !== again.event) return entry
        return { ...entry, event: { ...event, text: event.text + event.text } }
      })
      expect(lawsBroken(withLog(history, twice))).toContain("shown")
    })
  })

  test("[CON5] what was given to somebody who never was a member, or was written by them", () => {
    always((seed) => {
      const history = goodHistory(seed)
      const isOfBob = ({ event }: StoredEntry) => event.type === "member.added" && event.user === "bob"
      const log = history.log.map((entry) =>
        isOfBob(entry) ? ({ ...entry, event: { ...entry.event, user: "eve" } } as StoredEntry) : entry,
      )
      const found = check({ ...history, log }, expected).filter(({ law }) => law === "members")
      expect(found.map(({ device }) => device)).toEqual(expect.arrayContaining([undefined, "bob/phone"]))
      const whole = check({ ...history, log: log.slice(1) }, expected)
      expect(whole.filter(({ law }) => law === "members")).toEqual([])
    })
  })

  test("[STO6] something of another conversation", () => {
    always((seed) => {
      const foreign = (frame: Frame) => [
        {
          ...frame,
          events: frame.events.map((event) => (event.type === "message" ? { ...event, text: "talk-2 x" } : event)),
        },
      ]
      expect(lawsBroken(withSteps(goodHistory(seed), (steps) => changeFrame(steps, hasMessage, foreign)))).toContain(
        "apart",
      )
    })
  })
})

function atAnotherPlace<T extends Sent>(sent: T): T {
  return sent.ack ? { ...sent, ack: { ...sent.ack, seq: sent.ack.seq + 1 } } : sent
}

function lostSeqs(history: History): number[] {
  const stored = new Set(history.log.map(({ cursor }) => cursor))
  return (history.devices[0]?.steps ?? []).flatMap((step) =>
    step.type === "events" && !stored.has(step.cursor) ? [Number.parseInt(step.cursor, 10)] : [],
  )
}

function renumbered(log: readonly StoredEntry[]): StoredEntry[] {
  return log.map(({ event }, index) => ({ cursor: `${index + 1}-9`, event: { ...event, seq: index + 1 } }))
}
