/** Laws about what only a simulation sees: when each thing was done, and what was done at the store. Each finds its own mistake. */
import { check, type Deed, type History, type Sent, type ToolDeed } from "../src/index.ts"
import { conversation, expected, goodHistory, withDevice, withLog } from "./support/good-history.ts"

const seed = 5
const lawsBroken = (history: History) => [...new Set(check(history, expected).map(({ law }) => law))]
const fence = (number: number) => ({ number, nonce: `claim-${number}` })
const claim = (number: number): Deed => ({ type: "claim", conversation, fence: fence(number), node: "n" })
const output = (number: number, seq: number): Deed => ({ type: "output", conversation, fence: fence(number), seq })
const checkpoint = (number: number, id: string, parent: string | undefined, isRoot = false): Deed => ({
  ...{ type: "checkpoint", conversation, fence: fence(number), thread: conversation },
  ...{ id, parent, isRoot },
})
const withDeeds = (...deeds: readonly Deed[]): History => ({ ...goodHistory(seed), deeds })

test("[RUN2] [RUN8] all is well where each owner writes while it owns, and each checkpoint follows", () => {
  const deeds = [claim(1), output(1, 5), checkpoint(1, "a", undefined), claim(2), checkpoint(2, "b", "a"), output(2, 9)]
  expect(lawsBroken(withDeeds(...deeds))).toEqual([])
})

test("[RUN2] an owner that was replaced and writes, and a fence that does not rise, are found", () => {
  expect(lawsBroken(withDeeds(claim(1), claim(2), output(1, 9)))).toEqual(["fence"])
  expect(lawsBroken(withDeeds(claim(1), claim(2), checkpoint(1, "a", undefined)))).toEqual(["fence"])
  expect(lawsBroken(withDeeds(claim(2), claim(2)))).toEqual(["fence"])
})

test("[RUN8] a checkpoint beside the line is found, and one that the log does not name", () => {
  const beside = [claim(1), checkpoint(1, "a", undefined), checkpoint(1, "b", undefined)]
  expect(lawsBroken(withDeeds(...beside))).toEqual(["checkpoints"])
  expect(lawsBroken(withDeeds(claim(1), checkpoint(1, "a", undefined, true)))).toEqual(["named"])
})

test("[LOG1] what stands before something that was acknowledged before it was written is found", () => {
  const timed = (sent: readonly Sent[], late: boolean) =>
    sent.map((one, index) => ({ ...one, writtenMs: late ? 1_000 : index, ackedMs: late ? 1_001 : index + 0.5 }))
  const history = goodHistory(seed)
  // Whoever wrote last has the first place.
  const devices = history.devices.map((device, index) => ({ ...device, sent: timed(device.sent, index === 0) }))
  expect(lawsBroken({ ...history, devices })).toEqual(["real time"])
  const calm = history.devices.map((device) => ({ ...device, sent: timed(device.sent, true) }))
  expect(lawsBroken({ ...history, devices: calm })).toEqual([])
})

test("[ACK2] a message that was refused and is stored is found", () => {
  const refused = withDevice(goodHistory(seed), (device) => ({
    ...device,
    sent: device.sent.map((one, index) => (index === 0 ? { ...one, refused: "busy" } : one)),
  }))
  expect(lawsBroken(refused)).toEqual(["refused"])
})

test("[FRM4] [RUN2] what a run says and is stored twice is found, though nobody is shown it twice", () => {
  const history = goodHistory(seed)
  const at = history.log.findIndex(({ event }) => event.type === "delta")
  const log = [...history.log.slice(0, at + 1), ...history.log.slice(at)].map(({ event }, index) => {
    const seq = index + 1
    return { cursor: `${seq}-6`, event: { ...event, seq } }
  })
  const twice = withLog(history, log)
  // Acknowledgements name the places of before.
  const devices = twice.devices.map((device) => ({
    ...device,
    sent: device.sent.map(({ ack: _, ...one }) => ({ ...one, ack: undefined })),
    changes: (device.changes ?? []).map(({ what }) => ({ what, ack: undefined })),
  }))
  expect(lawsBroken({ ...twice, devices })).toEqual(["said once"])
})

test("[RUN5] a question that is answered twice is found", () => {
  const history = goodHistory(seed)
  const by = { user: "bob", device: "phone" }
  const answer = (at: number) => {
    const seq = history.log.length + at
    const said = { type: "input.responded", time: 1, by, run: "run-1", interrupt: "i", value: "yes", seq } as const
    return { cursor: `${seq}-77`, event: said }
  }
  const once = withLog(history, [...history.log, answer(1)])
  const twice = withLog(history, [...history.log, answer(1), answer(2)])
  expect(lawsBroken(once)).not.toContain("answered once")
  expect(lawsBroken(twice)).toContain("answered once")
})

test("[CON5] what somebody writes, or is given, who was removed is found", () => {
  const history = goodHistory(seed)
  const by = { user: "ada", device: "phone" }
  const at = 4
  const removed = { type: "member.removed", time: 1, by, user: "bob", seq: at } as const
  const log = history.log.map((entry) => {
    const seq = entry.event.seq < at ? entry.event.seq : entry.event.seq + 1
    return { cursor: `${seq}-5`, event: { ...entry.event, seq } }
  })
  const inserted = [...log.slice(0, at - 1), { cursor: `${at}-5`, event: removed }, ...log.slice(at - 1)]
  expect(lawsBroken(withLog(history, inserted))).toContain("members")
})

test("[TOO1] [TOO2] a tool that is done again and not told so is found, and one that is done again though it was kept", () => {
  const done = (again: boolean): ToolDeed => ({ type: "done", run: "run-1", key: "pay", again })
  const kept: ToolDeed = { type: "kept", run: "run-1", key: "pay" }
  const withTools = (...tools: readonly ToolDeed[]): History => ({ ...goodHistory(seed), tools })
  expect(lawsBroken(withTools(done(false), done(true), kept))).toEqual([])
  expect(lawsBroken(withTools(done(false), done(false)))).toEqual(["tools"])
  expect(lawsBroken(withTools(done(false), kept, done(true)))).toEqual(["tools"])
})

test("[TOO3] a tool that an owner begins that was replaced is found", () => {
  const effect = (number: number): Deed => ({ type: "effect", conversation, fence: fence(number), key: "pay" })
  expect(lawsBroken(withDeeds(claim(1), effect(1), claim(2), effect(2)))).toEqual([])
  expect(lawsBroken(withDeeds(claim(1), claim(2), effect(1)))).toEqual(["fence"])
})

test("[ACK3] what was written before a program was started again, and is lost, is found", () => {
  const lost: Sent = { text: `${conversation} ada/phone lost`, ack: undefined, times: 1, isOfEnded: true }
  const history = withDevice(goodHistory(seed), (device) => ({ ...device, sent: [...device.sent, lost] }))
  expect(lawsBroken(history)).toEqual(["kept"])
  const refused = { ...lost, refused: "busy" }
  const told = withDevice(goodHistory(seed), (device) => ({ ...device, sent: [...device.sent, refused] }))
  expect(lawsBroken(told)).toEqual([])
})
