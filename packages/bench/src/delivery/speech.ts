/**
 * What an agent says: tokens at the pace of a model, in several rooms at a time, each token with the time it was made.
 *
 * With a window they take the agent worker's own way to the log, whoever it is that brings them to devices: the first
 * token goes out at once, the following ones are joined until the next beat. Without one every token goes out by itself.
 */
import { setTimeout as pause } from "node:timers/promises"
import { Beat, defaultAgentOptions, OutputStream } from "@everthread/agent"
import { type EventBody, systemClock } from "@everthread/protocol"
import { stampOf } from "./rooms.ts"

export interface Speech {
  readonly rooms: readonly number[]
  /** In each room. */
  readonly tokens: number
  /** Tokens a second, in each room. */
  readonly perSecond: number
  /** 0: nothing is joined. */
  readonly windowMs: number
  /** The tokens are made, and nobody is told: what making them takes. */
  readonly isSilent: boolean
}

/** Brings a piece of text to everybody in the room. `at`: where in the message it starts. */
export type Say = (room: number, at: number, text: string) => Promise<void>

/** Takes one token after the other. */
interface Voice {
  add(at: number, text: string): void
  /** Resolves when all of it is said. */
  done(): Promise<void>
}

export async function speak(speech: Speech, say: Say): Promise<void> {
  const everyMs = 1_000 / speech.perSecond
  const voiceIn = speech.windowMs > 0 ? joining(speech.windowMs, say) : tokenByToken(say)
  await Promise.all(
    speech.rooms.map(async (room, index) => {
      await pause((index / speech.rooms.length) * everyMs)
      await speakIn(voiceIn(room), speech)
    }),
  )
}

async function speakIn(voice: Voice, { tokens, perSecond }: Speech): Promise<void> {
  const startedAtMs = performance.now()
  let said = 0
  for (let token = 0; token < tokens; token++) {
    const dueMs = startedAtMs + (token * 1_000) / perSecond
    await pause(Math.max(0, dueMs - performance.now()))
    const text = stampOf((performance.timeOrigin + performance.now()) * 1_000)
    voice.add(said, text)
    said += text.length
  }
  await voice.done()
}

function tokenByToken(say: Say): (room: number) => Voice {
  return (room) => {
    const saying: Promise<void>[] = []
    return {
      add: (at, text) => void saying.push(say(room, at, text)),
      done: async () => void (await Promise.all(saying)),
    }
  }
}

function joining(windowMs: number, say: Say): (room: number) => Voice {
  const options = { ...defaultAgentOptions, deltaWindowMs: windowMs }
  const beat = new Beat(systemClock, windowMs)
  return (room) => {
    const append = async (bodies: readonly EventBody[]) => {
      for (const body of bodies) if (body.type === "delta") await say(room, body.at, body.text)
    }
    const output = new OutputStream({ append, lost: new AbortController().signal }, systemClock, beat, options)
    return {
      add: (at, text) => output.add([{ type: "delta", message: "Vq3kT9aXw2", block: 0, at, text }]),
      done: () => output.flushed(),
    }
  }
}
