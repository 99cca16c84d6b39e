/**
 * What somebody does on one device in one conversation of a run of faults: writes, changes what was written, asks the agent,
 * answers its questions whoever they were asked for, stops it now and then. All that is asked for is noted with what became of it.
 */
import { setTimeout as pause } from "node:timers/promises"
import { type Conversation, RequestError } from "@everthread/client"
import { isOpen, type Random } from "@everthread/protocol"
import { oneOf, streamOf, type WatchedConversation, type WhatChanged } from "@everthread/sim"
import { agentName, theAnswer } from "@everthread/stage"
import type { OperationLine } from "../record/record.ts"
import type { Recorder, Settled } from "../record/recorder.ts"
import { Changes } from "./changes.ts"
import type { Busy } from "./crowd.ts"
import type { Device } from "./device.ts"
import { firstTokenOf } from "./first-token.ts"

/** How long somebody thinks between two things, in milliseconds. */
const thinksMs = { least: 100, most: 400 }
/** Who sees so many of their messages waiting does nothing more for now. */
const unsettledMax = 15
/** How often somebody does this instead of writing to the others, where it can be done. */
const shares = { ask: 0.06, answer: 0.4, stop: 0.015, change: 0.2 }
/** How a message to the agent ends: what it does is in its answer. */
const manners = ["", "?", " slowly", " slowly?"] as const

export function busyWith(recorder: Recorder, seed: number): Busy {
  return async (device, conversation, watched, goesOn) => {
    const random = streamOf(seed, `${device.name} ${[...device.watched.keys()].indexOf(conversation)}`)
    const somebody = new Somebody(device, conversation, watched, recorder, random)
    for (let number = 1; goesOn(); number++) {
      somebody.act(number)
      await pause(thinksMs.least + random.fraction() * (thinksMs.most - thinksMs.least))
    }
  }
}

class Somebody {
  readonly #device: Device
  readonly #conversation: string
  readonly #watched: WatchedConversation
  readonly #recorder: Recorder
  readonly #random: Random
  readonly #changes: Changes

  constructor(device: Device, conversation: string, watched: WatchedConversation, recorder: Recorder, random: Random) {
    this.#device = device
    this.#conversation = conversation
    this.#watched = watched
    this.#recorder = recorder
    this.#random = random
    this.#changes = new Changes(device.user, random)
  }

  act(number: number): void {
    const { runs, interrupts, messages } = this.#watched.conversation.snapshot().state
    const open = interrupts.find(({ answer }) => answer === undefined)
    const running = runs.find(({ status }) => status === "running")
    if (this.#watched.unsettled >= unsettledMax) return
    if (open && this.#isTime(shares.answer)) this.#answer(open.id)
    else if (running && this.#isTime(shares.stop)) this.#stop(running.id)
    else if (!runs.some(isOpen) && this.#isTime(shares.ask)) this.#ask(number)
    else {
      const text = `${this.#conversation} ${this.#device.name} ${number}`
      const change = this.#isTime(shares.change) ? this.#changes.next(messages, `${text} instead`) : undefined
      if (change) this.#change(change)
      else void this.#say("send", text)
    }
  }

  #isTime(share: number): boolean {
    return this.#random.fraction() < share
  }

  #ask(number: number): void {
    const text = `${this.#conversation} ${this.#device.name} ${number}${oneOf(this.#random, manners)}`
    const spoke = this.#asked("first token")
    void firstTokenOf(this.#watched.conversation, text, this.#device).then((isHeard) => {
      spoke({ outcome: isHeard ? "ok" : "unknown" })
    })
    void this.#say("ask", text).then(({ outcome, code }) => {
      if (outcome === "refused") spoke({ outcome, ...(code === undefined ? {} : { code }) })
    })
  }

  async #say(kind: "send" | "ask", text: string): Promise<Settled> {
    const settle = this.#asked(kind)
    const { ack, refused } = await this.#watched.say(text, kind === "ask" ? { agent: agentName } : {})
    const settled = outcomeOf(ack !== undefined, refused)
    settle(settled)
    return settled
  }

  #change(what: WhatChanged): void {
    const settle = this.#asked(kindOf(what))
    void this.#watched.changes.make(what).then(({ ack, refused }) => settle(outcomeOf(ack !== undefined, refused)))
  }

  #answer(question: string): void {
    void settledBy(this.#watched.conversation.respond(question, theAnswer)).then(this.#asked("answer"))
  }

  #stop(run: string): void {
    void settledBy(this.#watched.conversation.stop(run)).then(this.#asked("stop"))
  }

  #asked(kind: OperationLine["kind"]): (settled: Settled) => void {
    const { name, node } = this.#device
    const asked = { device: name, conversation: this.#conversation, kind }
    return this.#recorder.asked(node === undefined ? asked : { ...asked, node })
  }
}

const kindOf = ({ type }: WhatChanged): OperationLine["kind"] => {
  if (type === "edit") return "edit"
  return type === "redaction" ? "redact" : "react"
}

const outcomeOf = (isStored: boolean, code: string | undefined): Settled => {
  if (isStored) return { outcome: "ok" }
  return code === undefined ? { outcome: "unknown" } : { outcome: "refused", code }
}

async function settledBy(stored: Promise<unknown>): Promise<Settled> {
  try {
    await stored
    return { outcome: "ok" }
  } catch (error) {
    return outcomeOf(false, error instanceof RequestError ? error.error.code : undefined)
  }
}

/** Questions that nobody has answered when the others have gone home. @returns ends it. */
export function answerAll(conversations: readonly Conversation[]): () => void {
  const asked = new Set<string>()
  const look = () => {
    for (const conversation of conversations) {
      for (const { id, answer } of conversation.snapshot().state.interrupts) {
        if (answer !== undefined || asked.has(id)) continue
        asked.add(id)
        void settledBy(conversation.respond(id, theAnswer)).then(() => asked.delete(id))
      }
    }
  }
  const stops = conversations.map((conversation) => conversation.subscribe(look))
  look()
  return () => {
    for (const stop of stops) stop()
  }
}
