/** The checker on edits, redactions and reactions: each mistake that is put into a history in which all is well is found. */

import type { EventBody } from "@everthread/protocol"
import fc from "fast-check"
import { seededRandom } from "../../../test/support/seeded-random.ts"
import { type Change, check, type History, isChange, type View } from "../src/index.ts"
import { entriesOf, expected, goodHistory, viewOf, withDevice } from "./support/good-history.ts"

const always = (law: (seed: number) => void) =>
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => void law(seed)),
    { numRuns: 30 },
  )
const lawsBroken = (history: History, rollback = false) => [
  ...new Set(check(history, { ...expected, rollback }).map(({ law }) => law)),
]
type Message = View["messages"][number]
type Shows = (message: Message) => boolean

/** With these at the end of the log. Nobody was given them: other laws than the one that is asked for are broken, too. */
const withMore = (history: History, ...bodies: readonly EventBody[]): History => {
  const log = [...history.log, ...entriesOf(bodies, history.log.length, seededRandom(7))]
  return { ...history, log, fresh: viewOf(log) }
}
const without = (history: History, type: "edit" | "redaction" | "reaction"): History => {
  const at = history.log.findIndex(({ event }) => event.type === type)
  return { ...history, log: history.log.filter((_, index) => index !== at) }
}
/** The first device's changes, one of them changed. */
const withChange = (history: History, type: Change["what"]["type"], change: (one: Change) => Change): History =>
  withDevice(history, (device) => {
    const index = device.changes?.findIndex(({ what }) => what.type === type)
    return { ...device, changes: (device.changes ?? []).map((one, at) => (at === index ? change(one) : one)) }
  })
/** Everybody shows the first message of which this holds like this, so that only the log knows better. */
const showing = (history: History, which: Shows, change: (message: Message) => Message): History => {
  const at = history.fresh.messages.findIndex(which)
  const messages = history.fresh.messages.map((one, index) => (index === at ? change(one) : one))
  const fresh = { ...history.fresh, messages, state: { ...history.fresh.state, messages } }
  return { ...history, fresh, devices: history.devices.map((device) => ({ ...device, end: fresh })) }
}
const isEdited: Shows = ({ edited }) => edited === true
const isTakenBack: Shows = ({ redacted }) => redacted === true
const isLiked: Shows = ({ reactions }) => reactions?.["👍"] !== undefined
const isPlain: Shows = ({ role, edited, redacted, reactions }) => role === "user" && !edited && !redacted && !reactions

const firstOf = ({ log }: History, type: "edit" | "redaction" | "reaction") => {
  const event = log.map((entry) => entry.event).find((one) => one.type === type)
  if (!event || !isChange(event)) throw new Error(`no ${type}`)
  const { seq: _seq, ...body } = event
  return body as EventBody
}

const bob = { user: "bob", device: "phone" }

describe("of what people changed, the checker finds", () => {
  test("[ACK1] an acknowledged edit, redaction or reaction that is lost", () => {
    always((seed) => {
      for (const type of ["edit", "redaction", "reaction"] as const) {
        expect(lawsBroken(without(goodHistory(seed), type))).toContain("acked")
        expect(lawsBroken(without(goodHistory(seed), type), true)).toContain("acked")
      }
    })
  })

  test("[ACK1] one that stands elsewhere than it was acknowledged", () => {
    always((seed) => {
      const elsewhere = withChange(goodHistory(seed), "edit", (one) => ({ ...one, ack: { cursor: "3-1", seq: 3 } }))
      expect(lawsBroken(elsewhere)).toContain("acked")
      expect(lawsBroken(elsewhere, true)).not.toContain("acked")
    })
  })

  test("[ACK3] one that is in the log twice", () => {
    always((seed) => {
      const history = goodHistory(seed)
      for (const type of ["edit", "redaction", "reaction"] as const) {
        expect(lawsBroken(withMore(history, firstOf(history, type)))).toContain("once")
      }
    })
  })

  test("[ACK2] one that was refused and is in the log, and one that nobody asked for", () => {
    always((seed) => {
      const history = goodHistory(seed)
      const refused = withChange(history, "redaction", ({ what }) => ({ what, ack: undefined, refused: "forbidden" }))
      expect(lawsBroken(refused)).toEqual(["refused"])
      expect(lawsBroken(withDevice(history, (device) => ({ ...device, changes: [] })))).toEqual(["phantom"])
    })
  })

  test("[ACK2] nothing where nobody knows whether it was done", () => {
    always((seed) => {
      const unknown = withChange(goodHistory(seed), "reaction", ({ what }) => ({ what, ack: undefined }))
      expect(lawsBroken(unknown)).toEqual([])
    })
  })

  test("[LIN2] what was refused when it was sent again, only where no store went back", () => {
    always((seed) => {
      const history = withChange(without(goodHistory(seed), "edit"), "edit", (one) => ({
        ...one,
        refusedLater: "not_found",
      }))
      expect(lawsBroken(history)).toContain("acked")
      expect(lawsBroken(history, true)).not.toContain("acked")
    })
  })

  test("[ACK2] an edit or a redaction by somebody who had no right to it", () => {
    always((seed) => {
      const history = goodHistory(seed)
      for (const type of ["edit", "redaction"] as const) {
        const stranger = { ...firstOf(history, type), by: bob } as EventBody
        expect(lawsBroken(withMore(history, stranger))).toContain("author")
      }
      const liked = { ...firstOf(history, "reaction"), by: { user: "ada", device: "laptop" } } as EventBody
      expect(lawsBroken(withMore(history, liked))).not.toContain("author")
    })
  })

  test("[LIN2] a message that its store lost and its device had taken back, only where no store went back", () => {
    always((seed) => {
      const history = goodHistory(seed)
      const own = history.log.flatMap(({ event }) => (event.type === "message" ? [event] : []))
      const [lost] = own.filter(({ by }) => by.user === "ada" && by.device === "phone").slice(-1)
      const what = { type: "redaction", message: lost?.id ?? "" } as const
      const messages = history.fresh.messages.filter(({ id }) => id !== lost?.id)
      const gone: History = { ...history, fresh: { ...history.fresh, messages } }
      const asked: Change = { what, ack: undefined, refused: "not_found" }
      const takenBack = withDevice(gone, (device) => ({ ...device, changes: [...(device.changes ?? []), asked] }))
      const isLost = (one: History, rollback: boolean) =>
        check(one, { ...expected, rollback }).some(
          ({ law, what }) => law === "acked" && what.includes(lost?.text ?? ""),
        )
      expect(isLost(takenBack, true)).toBe(false)
      expect(isLost(takenBack, false)).toBe(true)
      expect(isLost(gone, true)).toBe(true)
    })
  })

  test("[RET2] a text that was taken back and is still shown, or a reaction to it", () => {
    always((seed) => {
      const history = goodHistory(seed)
      const text = showing(history, isTakenBack, (message) => ({ ...message, text: "said" }))
      const reaction = showing(history, isTakenBack, (message) => ({ ...message, reactions: { "👍": ["bob"] } }))
      expect(lawsBroken(text)).toContain("taken back")
      expect(lawsBroken(reaction)).toContain("taken back")
    })
  })

  test("[SNP1] [NOD1] a text that is not the last edit's, and one that was never edited", () => {
    always((seed) => {
      const history = goodHistory(seed)
      const older = (message: Message) => ({ ...message, text: message.text.replace(" again", "") })
      expect(lawsBroken(showing(history, isEdited, older))).toContain("changed")
      expect(lawsBroken(showing(history, isPlain, (message) => ({ ...message, redacted: true, text: "" })))).toContain(
        "changed",
      )
    })
  })

  test("[SNP1] [NOD1] a reaction that is missing, that was taken back, or that nobody gave", () => {
    always((seed) => {
      const history = goodHistory(seed)
      const like = (users: string[]) => (message: Message) => ({ ...message, reactions: { "👍": users } })
      expect(lawsBroken(showing(history, isLiked, like([])))).toContain("changed")
      expect(lawsBroken(showing(history, isLiked, like(["ada", "bob"])))).toContain("changed")
      expect(lawsBroken(showing(history, isPlain, like(["bob"])))).toContain("changed")
    })
  })

  test("[SNP1] what the kept part of a trimmed log tells of a message, and nothing that it cannot", () => {
    always((seed) => {
      const history = goodHistory(seed)
      const from = history.log.findIndex(({ event }) => isChange(event))
      const unseen = history.devices.map((device) => ({ ...device, steps: [] }))
      const trimmed = { ...history, log: history.log.slice(from), devices: unseen }
      expect(lawsBroken(trimmed)).not.toContain("changed")
      const stale = showing(trimmed, isEdited, (message) => ({ ...message, text: "another" }))
      expect(lawsBroken(stale)).toContain("changed")
    })
  })

  test("[ACK1] [SNP1] what stands before the kept part, where a device was given all of it", () => {
    always((seed) => {
      const history = goodHistory(seed)
      const trimmed = { ...history, log: history.log.slice(-1) }
      expect(lawsBroken(trimmed)).toEqual([])
      expect(lawsBroken(showing(trimmed, isEdited, (message) => ({ ...message, text: "another" })))).toContain(
        "changed",
      )
      const refused = withChange(trimmed, "redaction", ({ what }) => ({ what, ack: undefined, refused: "forbidden" }))
      expect(lawsBroken(refused)).toEqual(["refused"])
      const ack = { cursor: "3-1", seq: 3 }
      const more = { what: { type: "redaction", message: "another" }, ack } as const
      const lost = withDevice(trimmed, (device) => ({ ...device, changes: [...(device.changes ?? []), more] }))
      expect(lawsBroken(lost)).toEqual(["acked"])
    })
  })

  test("[CON5] a change by somebody who had been removed", () => {
    always((seed) => {
      const history = goodHistory(seed)
      const removed: EventBody = { type: "member.removed", time: 1, by: bob, user: "bob" }
      const late = { ...firstOf(history, "reaction"), by: bob, on: false } as EventBody
      expect(lawsBroken(withMore(history, removed, late))).toContain("members")
    })
  })
})
