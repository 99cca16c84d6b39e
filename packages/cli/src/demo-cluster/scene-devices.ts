/**
 * Scene 3: one user's three devices, each on another node, show the same words at the same time, whichever of them
 * is typed on; an answer is stopped from another device, and a question is answered by two of them at once.
 */
import { RequestError } from "@everthread/client"
import { type ChatMessage, type Interrupt, isOpen, type Run, textOf } from "@everthread/protocol"
import { type AnswerCount, countOf, type DevicesCounts } from "./counts.ts"
import type { Device } from "./device.ts"
import { deviceColumns, deviceRows } from "./device-columns.ts"
import { look, type Play, type Role } from "./play.ts"
import { digestOf } from "./received.ts"
import { until } from "./until.ts"

export const ownDevices: readonly Role[] = [
  { name: "laptop", user: "ada", device: "laptop", node: 0 },
  { name: "phone", user: "ada", device: "phone", node: 1 },
  { name: "tablet", user: "ada", device: "tablet", node: 2 },
]

/** So much of an answer is there on all devices before it is stopped, in characters. */
const charsBeforeStop = 40

type ThreeDevices = readonly [Device, Device, Device]

export async function playDevices(play: Play, devices: readonly Device[]): Promise<DevicesCounts> {
  const { stage, texts } = play
  const [laptop, phone, tablet] = devices
  if (!laptop || !phone || !tablet) throw new Error("This scene needs three devices")
  stage.scene(3, texts.scenes[3])
  stage.live((columns) => deviceColumns(devices, { columns, paint: stage.paint, texts }))
  const answer = await playAnswer(play, [laptop, phone, tablet])
  const stopped = await playStop(play, [laptop, phone, tablet])
  const question = await playQuestion(play, [laptop, phone, tablet])
  const rows = (columns: number) => [
    ...(stage.isRedrawn ? deviceColumns(devices, { columns, paint: stage.paint, texts }) : []),
    ...deviceRows([answer, stopped, question.result], { columns, paint: stage.paint, texts }),
  ]
  stage.settle(rows)
  return { answer, stopped, question, devices: devices.map(countOfAll) }
}

/** Typed on the laptop; the answer grows on all three. */
async function playAnswer(play: Play, devices: ThreeDevices): Promise<AnswerCount[]> {
  const { stage, texts, clock } = play
  const [laptop] = devices
  stage.say(texts.asksStory(laptop.name))
  laptop.write(texts.story)
  await until(devices, () => devices.every((device) => hasEnded(device, 0)), clock)
  await look(play)
  return devices.map((device) => answerOf(device, 0))
}

/** Typed on the phone, stopped on the tablet. */
async function playStop(play: Play, devices: ThreeDevices): Promise<AnswerCount[]> {
  const { stage, texts, clock } = play
  const [, phone, tablet] = devices
  stage.say(texts.asksAnother(phone.name, tablet.name))
  phone.write(texts.anotherStory)
  await until(devices, () => devices.every((device) => wordsOf(device, 1).length > charsBeforeStop), clock)
  tablet.conversation.stop().catch(() => {})
  await until(devices, () => devices.every((device) => hasEnded(device, 1)), clock)
  await look(play)
  return devices.map((device) => answerOf(device, 1))
}

/** Asked on the laptop; the phone and the tablet answer at the same time, and one of them is the first. */
async function playQuestion(play: Play, devices: ThreeDevices): Promise<DevicesCounts["question"]> {
  const { stage, texts, clock } = play
  const [laptop, phone, tablet] = devices
  stage.say(texts.asksTable(laptop.name, phone.name, tablet.name))
  laptop.write(texts.table)
  await until(devices, () => devices.every((device) => questionOf(device) !== undefined), clock)
  await look(play)
  const shown = devices.filter((device) => questionOf(device) !== undefined).length
  const answers = await Promise.allSettled([phone, tablet].map((device) => respond(device)))
  await until(devices, () => devices.every((device) => hasEnded(device, 2)), clock)
  await look(play)
  const by = questionOf(laptop)?.answer?.by?.device ?? ""
  stage.say(texts.answeredBy(by))
  return {
    shown,
    given: answers.length,
    stored: answers.filter(({ status }) => status === "fulfilled").length,
    refused: answers.filter(wasTooLate).length,
    by,
    result: devices.map((device) => answerOf(device, 2)),
  }
}

async function respond(device: Device): Promise<void> {
  const question = questionOf(device)
  if (question) await device.conversation.respond(question.id, true)
  else throw new Error("There is nothing to answer")
}

function wasTooLate(result: PromiseSettledResult<void>): boolean {
  const { reason } = result as Partial<PromiseRejectedResult>
  return reason instanceof RequestError && reason.error.code === "already_answered"
}

function questionOf({ conversation }: Device): Interrupt | undefined {
  return conversation.snapshot().state.interrupts[0]
}

/** The runs stand in the order in which they were asked for. */
function runOf({ conversation }: Device, index: number): Run | undefined {
  return conversation.snapshot().state.runs[index]
}

function hasEnded(device: Device, index: number): boolean {
  const run = runOf(device, index)
  return run !== undefined && !isOpen(run)
}

function messagesOf(device: Device, index: number): ChatMessage[] {
  const run = runOf(device, index)?.id
  const { messages } = device.conversation.snapshot().state
  return messages.filter((message) => message.role === "assistant" && run !== undefined && message.run === run)
}

function wordsOf(device: Device, index: number): string {
  return messagesOf(device, index).map(textOf).join("\n")
}

function answerOf(device: Device, index: number): AnswerCount {
  const words = wordsOf(device, index)
  const pieces = messagesOf(device, index).map(({ id }) => device.received.pieces.get(id) ?? 0)
  return {
    name: device.name,
    pieces: pieces.reduce((sum, each) => sum + each, 0),
    chars: words.length,
    text: digestOf(words),
    outcome: runOf(device, index)?.status ?? "queued",
  }
}

/** Here the whole state has to be the same, answers and questions included. */
function countOfAll(device: Device) {
  return { ...countOf(device), order: digestOf(device.conversation.snapshot().state) }
}
