/**
 * What an agent says: tokens at the pace of a model, in several rooms at a time, each token with the time it was made.
 *
 * With a window the first token goes out at once and the following ones are joined until the window has passed and the
 * last write is answered, as the agent worker does it; without one every token goes out by itself.
 */
import { setTimeout as pause } from "node:timers/promises"
import { stampOf } from "./rooms.ts"

export interface Speech {
  readonly rooms: readonly number[]
  /** In each room. */
  readonly tokens: number
  /** Tokens a second, in each room. */
  readonly perSecond: number
  /** 0: nothing is joined. */
  readonly windowMs: number
}

/** Brings a piece of text to everybody in the room. `at`: where in the message it starts. */
export type Say = (room: number, at: number, text: string) => Promise<void>

export async function speak(speech: Speech, say: Say): Promise<void> {
  const everyMs = 1_000 / speech.perSecond
  await Promise.all(
    speech.rooms.map(async (room, index) => {
      await pause((index / speech.rooms.length) * everyMs)
      await speakIn(room, speech, say)
    }),
  )
}

async function speakIn(room: number, { tokens, perSecond, windowMs }: Speech, say: Say): Promise<void> {
  let waiting = ""
  let said = 0
  let saidAtMs = Number.NEGATIVE_INFINITY
  let saying: Promise<void> | undefined
  const write = () => {
    const [at, text] = [said, waiting]
    said += waiting.length
    waiting = ""
    saidAtMs = performance.now()
    saying = say(room, at, text).finally(() => {
      saying = undefined
    })
  }
  const startedAtMs = performance.now()
  for (let token = 0; token < tokens; token++) {
    const dueMs = startedAtMs + (token * 1_000) / perSecond
    await pause(Math.max(0, dueMs - performance.now()))
    waiting += stampOf((performance.timeOrigin + performance.now()) * 1_000)
    const isDue = performance.now() - saidAtMs >= windowMs
    if (windowMs === 0 || (isDue && !saying)) write()
  }
  await saying
  if (waiting !== "") write()
  await saying
}
