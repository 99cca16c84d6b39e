/** One attempt of the scripted graph: it works on by itself, and what it says is read by whoever iterates it. */
import type { Graph } from "@everthread/agent"
import type { Json } from "@everthread/protocol"
import type { SimEngine } from "../engine/sim-engine.ts"
import type { CheckpointRecord } from "../store/state.ts"
import type { Host } from "../world/host.ts"
import { EventQueue } from "./event-queue.ts"
import type { Outside } from "./outside.ts"
import { pathInto, type ScriptStep, scriptFor, steeringMark, toldText } from "./script.ts"

type Request = Parameters<Graph["start"]>[0]
type Input = Parameters<Graph["start"]>[1]
type Stream = Awaited<ReturnType<Graph["start"]>>
type StreamEvent = Stream extends AsyncIterable<infer E> ? E : never

type Inside = Extract<ScriptStep, { kind: "inside" }>

const answerIn = (input: Input, { root }: CheckpointRecord): Json | undefined =>
  input.kind === "answers" ? input.answers[root] : undefined

/** The graph has stopped after a superstep, because it was asked to. */
export class Drained extends Error {
  override readonly name = "Drained"
}

/** A tool was refused by the store: another one owns the run. */
export class Fenced extends Error {
  override readonly name = "Fenced"
}

const idChars = 8
/** How long a word takes, in milliseconds. */
const wordMs = { least: 2, most: 30 }
/** A tool takes as long as so many words. */
const toolWords = 12

/** Where a graph works, and the world that its tools change. */
export interface Surroundings {
  readonly engine: SimEngine
  readonly host: Host
  readonly outside: Outside
}

export class ScriptedRun {
  readonly #engine: SimEngine
  readonly #host: Host
  readonly #outside: Outside
  readonly #request: Request
  readonly #queue = new EventQueue<StreamEvent>()
  readonly #asked: { readonly id: string; readonly value: unknown }[] = []
  #at: CheckpointRecord | undefined
  #isDraining = false

  constructor({ engine, host, outside }: Surroundings, request: Request, newest: CheckpointRecord | undefined) {
    this.#engine = engine
    this.#host = host
    this.#outside = outside
    this.#request = request
    this.#at = newest
  }

  begin(input: Input): Stream {
    this.#work(input).then(
      () => this.#queue.finish(),
      (error: unknown) => this.#queue.fail(error),
    )
    return {
      [Symbol.asyncIterator]: () => this.#queue[Symbol.asyncIterator](),
      interrupts: () => this.#asked,
      drain: () => {
        this.#isDraining = true
      },
    }
  }

  async #work(input: Input): Promise<void> {
    if (input.kind === "messages") await this.#take(input.messages.map(({ text }) => text))
    for (;;) {
      const at = this.#at
      const step = at && scriptFor(at.text)[at.step]
      if (!at || !step) return
      if (step.kind === "ask" && input.kind !== "answers") return this.#ask(at, step)
      await this.#play(at, step, input)
      if (this.#isDraining || this.#request.intake.isWanted()) throw new Drained("asked to stop")
    }
  }

  /** A turn begins with the last of the messages, or it goes on with those that are meant for whoever is at work. */
  async #take(texts: readonly string[]): Promise<void> {
    const at = this.#at
    if (at?.run !== this.#request.run) return this.#keep({ step: 0, inner: 0, text: texts.at(-1) ?? "" })
    const known = at.text.split("\n")
    const told = texts.filter((text) => text.endsWith(steeringMark) && !known.includes(text))
    return this.#keep({ ...at, text: [...known, ...told].join("\n") })
  }

  async #play(at: CheckpointRecord, step: ScriptStep, input: Input): Promise<void> {
    const path = pathInto(step.node, at.root)
    if (step.kind === "pay") await this.#pay(`pay:${at.root}`)
    if (step.kind === "inside") await this.#playInside(at, step, path)
    else await this.#say([path], step.kind === "ask" ? toldText(answerIn(input, at)) : step.text)
    await this.#keep({ step: at.step + 1, inner: 0, text: at.text })
  }

  /** As `once` does it: the result is kept, and between the consequence and the keeping anything may happen. */
  async #pay(key: string): Promise<void> {
    const { effects, run } = this.#request
    const begun = await effects.begin(key)
    if (begun.status === "done") return
    if (begun.status === "fenced") throw new Fenced("another one owns the run")
    this.#outside.note({ type: "done", run, key, again: begun.status === "again" })
    for (let word = 0; word < toolWords; word++) await this.#word()
    const kept = await effects.finish(key, JSON.stringify(key))
    if (kept.status === "fenced") throw new Fenced("another one owns the run")
    this.#outside.note({ type: "kept", run, key })
  }

  /** Goes on behind the nodes that have a checkpoint, and names the newest of those again, as LangGraph does. */
  async #playInside(at: CheckpointRecord, { texts }: Inside, path: string): Promise<void> {
    const { step, text: asked } = at
    this.#tellCheckpoint(path, at.inner)
    for (let inner = at.inner; inner < texts.length; inner++) {
      await this.#say([path, `part${inner}:${at.root}.${inner}`], texts[inner] ?? "")
      await this.#keep({ step, inner: inner + 1, text: asked })
      this.#tellCheckpoint(path, inner + 1)
    }
  }

  #tellCheckpoint(path: string, inner: number): void {
    const data = { id: `${this.#at?.id} ${inner}`, step: inner - 1, source: "loop" }
    this.#queue.say({ method: "checkpoints", params: { namespace: [path], data } })
  }

  #ask({ root }: CheckpointRecord, step: Extract<ScriptStep, { kind: "ask" }>): void {
    this.#asked.push({ id: root, value: step.question })
  }

  async #say(namespace: readonly string[], text: string): Promise<void> {
    const tell = (data: object) =>
      this.#queue.say({ method: "messages", params: { namespace, node: "node", data: { ...data, run_id: "call" } } })
    tell({ event: "message-start", role: "ai", id: this.#host.random.id(idChars) })
    tell({ event: "content-block-start", index: 0, content: { type: "text", text: "" } })
    for (const word of text.split(/(?<= )/)) {
      await this.#word()
      tell({ event: "content-block-delta", index: 0, delta: { type: "text-delta", text: word } })
    }
    tell({ event: "content-block-finish", index: 0, content: { type: "text", text } })
    tell({ event: "message-finish" })
  }

  async #word(): Promise<void> {
    const { least, most } = wordMs
    const delayMs = least + this.#host.random.fraction() * (most - least)
    await new Promise<void>((resolve) => void this.#host.clock.startTimer(delayMs, resolve))
    if (this.#request.signal.aborted) throw new Error("aborted")
  }

  /** Behind all that was said before it, and in one step with the entry that names it. */
  async #keep({ step, inner, text }: Pick<CheckpointRecord, "step" | "inner" | "text">): Promise<void> {
    const { run, thread, intake, heard, append, now } = this.#request
    const id = this.#host.random.id(idChars)
    const parent = this.#at?.id
    const root = inner > 0 ? (this.#at?.root ?? id) : id
    const checkpoint: CheckpointRecord = { id, root, parent, run, step, inner, text, given: intake.given }
    await heard()
    const data = { id, ...(parent === undefined ? {} : { parent_id: parent }), step, source: "loop" }
    const named = { type: "agent" as const, time: now(), run, method: "checkpoints" as const, ns: [], data }
    await append(inner > 0 ? [] : [named], (request) => this.#engine.log.appendWith(request, { thread, checkpoint }))
    this.#at = checkpoint
    await intake.kept()
  }
}
