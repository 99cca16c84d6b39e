/**
 * Lets a graph work and brings what it says to the log, until it is done, asks, fails or is halted.
 *
 * What a graph does after it was given up is dropped: its stream is not read, its checkpoint writes are
 * refused.
 */
import type { ConversationState, EventBody, Run } from "@everthread/protocol"
import { hasRoomFor } from "./answers.ts"
import { type AttemptStart, attemptStart } from "./attempt-input.ts"
import type { AttemptParts, Claim } from "./attempt-parts.ts"
import { Beat } from "./beat.ts"
import { type FencedWriter, OwnershipLostError, type StoreAppend } from "./fenced-writer.ts"
import type { AttemptInput, AttemptRequest, Graph, GraphStream } from "./graph.ts"
import { OutputStream } from "./output-stream.ts"
import { newQuestions } from "./questions.ts"
import type { QueueBehind } from "./queue-behind.ts"
import { retractedMessages } from "./retracted.ts"
import { runEffects } from "./run-effects.ts"
import { inputMissing, timedOut, tooManyQuestions } from "./run-ends.ts"
import { patiently } from "./store-away.ts"
import { threadOf } from "./thread-id.ts"
import { SaidBefore } from "./translate/said-before.ts"
import { Translator } from "./translate/translator.ts"
import { aborted, endOfTick, wait } from "./wait.ts"

/** Why a graph is to stop before it is done. */
export type Halt = "stop" | "timeout" | "drain" | "lost"

export type GraphResult =
  | { readonly kind: "completed" | "stopped" | "handed-over" | "lost" }
  | { readonly kind: "failed"; readonly sentence: string }
  | { readonly kind: "asked"; readonly questions: readonly EventBody[] }

/** How a stream came to its end; `given-up`: it did not, and nobody waits for it any more. */
type StreamEnd =
  | { readonly kind: "finished" }
  | { readonly kind: "given-up" }
  | { readonly kind: "threw"; readonly error: unknown }

export class GraphRun {
  readonly #parts: AttemptParts
  readonly #claim: Claim
  readonly #writer: FencedWriter
  readonly #behind: QueueBehind
  readonly #output: OutputStream
  readonly #abort = new AbortController()
  #before = new SaidBefore()
  #halted: Halt | undefined
  #stream: GraphStream | undefined
  #isDraining = false
  #isGivenUp = false
  #isReaderWaiting = false
  #hasEffects = false

  constructor(parts: AttemptParts, claim: Claim, writer: FencedWriter, behind: QueueBehind) {
    this.#parts = parts
    this.#claim = claim
    this.#writer = writer
    const beat = Beat.of(parts.clock, parts.options.deltaWindowMs)
    this.#output = new OutputStream(writer, parts.clock, beat, parts.options)
    this.#behind = behind
    writer.lost.addEventListener("abort", () => this.halt("lost"), { once: true })
  }

  /** Tells the graph to stop. The first reason counts. */
  halt(why: Halt): void {
    this.#halted ??= why
    this.#abort.abort()
  }

  /** Lets the graph finish its superstep. */
  drain(): void {
    this.#isDraining = true
    this.#stream?.drain()
  }

  /** Whether there is something for the store to forget when the run is done. */
  get hasEffects(): boolean {
    return this.#hasEffects
  }

  /** @param run as it was before this attempt. */
  async go(state: ConversationState, run: Run, graph: Graph): Promise<GraphResult> {
    const { clock, options } = this.#parts
    const timeout =
      options.runTimeoutMs > 0 ? clock.startTimer(options.runTimeoutMs, () => this.halt("timeout")) : undefined
    try {
      const request = this.#request(state, run)
      const end = await this.#work(state, run, graph, request)
      return "outcome" in end ? end.outcome : await this.#conclude(end, state, run, graph)
    } finally {
      if (timeout) clock.stopTimer(timeout)
      this.#isGivenUp = true
      this.#abort.abort()
    }
  }

  async #work(
    state: ConversationState,
    run: Run,
    graph: Graph,
    request: AttemptRequest,
  ): Promise<StreamEnd | { readonly outcome: GraphResult }> {
    try {
      const start = await this.#begin(state, run, graph, request)
      if (start.kind === "finished") return { outcome: { kind: "completed" } }
      if (start.kind === "taken-back") return { outcome: { kind: "stopped" } }
      if (start.kind === "missing") return { outcome: { kind: "failed", sentence: inputMissing } }
      return await this.#play(run, graph, request, start)
    } catch (error) {
      if (error instanceof OwnershipLostError) throw error
      return { kind: "threw", error }
    }
  }

  /** Starts the graph, and anew on the same thread where it has stopped to be given more. */
  async #play(run: Run, graph: Graph, request: AttemptRequest, start: AttemptInput): Promise<StreamEnd> {
    const translator = new Translator({
      run: run.id,
      messages: run.messages,
      before: this.#before,
      now: () => this.#parts.clock.now(),
    })
    for (let input = start; ; input = await this.#behind.next(graph, request)) {
      this.#stream = await graph.start(request, input)
      if (this.#isDraining) this.#stream.drain()
      const end = await Promise.race([this.#read(this.#stream, translator), this.#givenUp()])
      const hasStopped = end.kind === "threw" && graph.isDrained(end.error)
      if (!hasStopped || this.#isDraining || this.#halted) return end
    }
  }

  /** Finds out where the thread stands, and takes back what will be said again. */
  async #begin(state: ConversationState, run: Run, graph: Graph, request: AttemptRequest): Promise<AttemptStart> {
    const paths = state.messages.flatMap(({ run: of, ns }) => (of === run.id && ns ? [ns] : []))
    const newest = run.attempt > 0 ? await request.patiently(() => graph.position(request, paths)) : undefined
    const position = newest?.run === run.id ? newest : undefined
    const messages = retractedMessages(state.messages, run, position)
    const stay = state.messages.filter((message) => message.run === run.id && !messages.includes(message.id))
    this.#before = new SaidBefore(stay, position?.inside.values())
    if (messages.length > 0) await this.#writer.append([this.#rewind(run, messages)])
    await this.#behind.begin(run, position?.given ?? [])
    return attemptStart(state, run, position, this.#parts.options.contextMessagesMax)
  }

  #rewind(run: Run, messages: readonly string[]): EventBody {
    const attempt = run.attempt + 1
    return { type: "rewind", time: this.#parts.clock.now(), run: run.id, attempt, messages: [...messages] }
  }

  /** What a task has said that begins once more. */
  #takeBack(run: Run, messages: readonly string[]): void {
    if (messages.length > 0 && !this.#isGivenUp) this.#output.add([this.#rewind(run, messages)])
  }

  #request(state: ConversationState, run: Run): AttemptRequest {
    const { conversation, fence } = this.#claim
    const signal = this.#abort.signal
    const patient: AttemptRequest["patiently"] = (ask) => patiently(ask, { ...this.#parts, over: signal })
    const { random, engine } = this.#parts
    const used = () => {
      this.#hasEffects = true
    }
    return {
      thread: threadOf(conversation, run.agent, state.firstAgent),
      conversation,
      agent: run.agent,
      run: run.id,
      user: run.by.user,
      fence,
      recursionLimit: this.#parts.options.recursionLimit,
      now: () => this.#parts.clock.now(),
      begins: (path) => this.#takeBack(run, this.#before.beginsAgain(path)),
      heard: () => this.#heard(),
      append: (bodies, store) => this.#append(bodies, store),
      patiently: patient,
      effects: runEffects({ effects: engine.effects, random, claim: this.#claim, patiently: patient, signal, used }),
      intake: this.#behind,
      signal,
    }
  }

  /** Never rejects. */
  async #read(stream: GraphStream, translator: Translator): Promise<StreamEnd> {
    try {
      for await (const event of stream) {
        if (this.#isGivenUp) return { kind: "given-up" }
        this.#output.add(translator.translate(event))
        if (!this.#output.hasRoom) await this.#room()
      }
      return { kind: "finished" }
    } catch (error) {
      return { kind: "threw", error }
    }
  }

  async #room(): Promise<void> {
    this.#isReaderWaiting = true
    await this.#output.room()
    this.#isReaderWaiting = false
  }

  /**
   * What the graph has said when this is called is on its way to the reader through promises only, so it
   * has arrived after the current turn of the event loop, unless the reader itself waits for the store.
   */
  async #heard(): Promise<void> {
    await endOfTick(this.#parts.clock)
    while (this.#isReaderWaiting) {
      await this.#output.flushed()
      await endOfTick(this.#parts.clock)
    }
  }

  async #append(bodies: readonly EventBody[], store?: StoreAppend): Promise<void> {
    if (this.#isGivenUp) throw new OwnershipLostError("the attempt is over")
    if (store || bodies.length > 0) await this.#output.append(bodies, store)
    else await this.#output.flushed()
    if (this.#isGivenUp) throw new OwnershipLostError("the attempt is over")
  }

  /** Resolves when a graph that was told to stop has had its time. */
  async #givenUp(): Promise<StreamEnd> {
    await aborted(this.#abort.signal)
    const isWorthWaiting = this.#halted === "stop" || this.#halted === "timeout"
    if (isWorthWaiting) await wait(this.#parts.clock, this.#parts.options.stopGraceMs, this.#writer.lost)
    return { kind: "given-up" }
  }

  async #conclude(end: StreamEnd, state: ConversationState, run: Run, graph: Graph): Promise<GraphResult> {
    this.#isGivenUp = true
    if (this.#halted === "lost") return { kind: "lost" }
    if (this.#halted === "drain") return { kind: "handed-over" }
    await this.#output.flushed()
    if (this.#halted === "stop") return { kind: "stopped" }
    if (this.#halted === "timeout")
      return { kind: "failed", sentence: timedOut(this.#parts.options.runTimeoutMs).error }
    if (end.kind === "given-up") return { kind: "handed-over" }
    if (end.kind === "finished") return this.#finished(state, graph)
    if (graph.isDrained(end.error)) return { kind: "handed-over" }
    if (graph.isFenced(end.error)) return { kind: "lost" }
    this.#parts.log({
      level: "error",
      text: "the graph failed",
      conversation: this.#claim.conversation,
      run: run.id,
      error: end.error,
    })
    return { kind: "failed", sentence: graph.describe(end.error) }
  }

  #finished(state: ConversationState, graph: Graph): GraphResult {
    const interrupts = this.#stream?.interrupts() ?? []
    if (interrupts.length === 0) return { kind: "completed" }
    try {
      const questions = newQuestions(interrupts, state, this.#claim.run, this.#parts.clock.now())
      return hasRoomFor(state, questions.length)
        ? { kind: "asked", questions }
        : { kind: "failed", sentence: tooManyQuestions }
    } catch (error) {
      return { kind: "failed", sentence: graph.describe(error) }
    }
  }
}
