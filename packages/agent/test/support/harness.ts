/** A store in a folder of its own, and the appends that a server makes for people. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bodyOf, type Engine, freshNonce, type RunAbout } from "@everthread/engine"
import { openEmbeddedEngine } from "@everthread/engine-embedded"
import { EmbeddedSaver } from "@everthread/engine-embedded/checkpoints"
import {
  type Clock,
  type ConversationState,
  type EventBody,
  type Json,
  type LogEvent,
  startCursor,
  systemClock,
  systemRandom,
  textOf,
} from "@everthread/protocol"
import type { BaseCheckpointSaver } from "@langchain/langgraph"
import { ConversationView } from "../../src/conversation-view.ts"
import {
  type AgentObserver,
  type AgentOptions,
  AgentWorker,
  compiledGraph,
  conversationOfThread,
  defaultAgentOptions,
  type LoadedGraph,
  type LogLine,
} from "../../src/index.ts"
import type { AnyGraph } from "../../src/langgraph/thread-position.ts"

const ada = { user: "ada", device: "phone" }

export class Harness {
  readonly folder: string
  readonly engine: Engine
  readonly saver: BaseCheckpointSaver
  readonly lines: LogLine[] = []
  readonly #workers: AgentWorker[] = []
  #count = 0

  /** With the store's own saver, unless another one is given. */
  static async open({ folder, saver }: { folder?: string; saver?: BaseCheckpointSaver } = {}): Promise<Harness> {
    const own = folder ?? (await mkdtemp(join(tmpdir(), "everthread-agent-")))
    const engine = await openEmbeddedEngine({ folder: own })
    return new Harness(own, engine, saver ?? new EmbeddedSaver(engine, { conversationOf: conversationOfThread }))
  }

  constructor(folder: string, engine: Engine, saver: BaseCheckpointSaver) {
    this.folder = folder
    this.engine = engine
    this.saver = saver
  }

  async close(): Promise<void> {
    for (const worker of this.#workers) await worker.drain(0)
    await this.engine.close()
    await rm(this.folder, { recursive: true, force: true })
  }

  async worker(
    graphs: { [name: string]: AnyGraph },
    options: Partial<AgentOptions> = {},
    observer?: AgentObserver,
    node = `node${++this.#count}-${systemRandom.id(4)}`,
    clock: Clock = systemClock,
  ): Promise<AgentWorker> {
    const loaded = Object.entries(graphs).map(([name, graph]): [string, LoadedGraph] => [
      name,
      { name, graph: compiledGraph(graph, this.saver) },
    ])
    const worker = new AgentWorker({
      engine: this.engine,
      graphs: new Map(loaded),
      node,
      clock,
      random: systemRandom,
      options: { ...defaultAgentOptions, ...options },
      log: (line) => this.lines.push(line),
      observer,
    })
    this.#workers.push(worker)
    await worker.start()
    return worker
  }

  async conversation(id = "c1", agent = "agent"): Promise<string> {
    const body: EventBody = { type: "conversation.created", time: 0, by: ada, agent }
    await this.engine.log.create({
      conversation: id,
      nonce: freshNonce(systemRandom),
      bodies: [JSON.stringify(body)],
      members: [{ user: "ada", role: "owner" }],
    })
    return id
  }

  /** @returns the run. */
  async ask(conversation: string, text: string, agent = "agent", user = "ada"): Promise<string> {
    const id = `m${++this.#count}`
    const by = { user, device: "phone" }
    const run = `r${this.#count}`
    await this.append(
      conversation,
      [
        { type: "message", time: 0, by, id, key: id, text, agent },
        { type: "run.queued", time: 0, by, run, agent, message: id },
      ],
      run,
      { agent, user },
    )
    return run
  }

  async say(conversation: string, text: string, user: string): Promise<string> {
    const id = `m${++this.#count}`
    await this.append(conversation, [{ type: "message", time: 0, by: { user, device: "d" }, id, key: id, text }])
    return id
  }

  stop(conversation: string, run: string): Promise<unknown> {
    return this.append(conversation, [{ type: "run.stop", time: 0, by: ada, run }], run)
  }

  answer(conversation: string, run: string, interrupt: string, value: Json): Promise<unknown> {
    return this.append(conversation, [{ type: "input.responded", time: 0, by: ada, run, interrupt, value }], run)
  }

  /** @param opens the run that a worker has to look at from now on. */
  async append(conversation: string, bodies: EventBody[], opens?: string, about?: RunAbout): Promise<void> {
    const result = await this.engine.log.append({
      conversation,
      nonce: freshNonce(systemRandom),
      bodies: bodies.map((body) => JSON.stringify(body)),
      ...(opens === undefined ? {} : { runs: [{ run: opens, state: "open" as const, ...(about && { about }) }] }),
    })
    if (result.status !== "appended") throw new Error(`not appended: ${result.status}`)
  }

  async events(conversation: string): Promise<LogEvent[]> {
    const read = await this.engine.log.read(conversation, startCursor, {
      entriesMax: 100_000,
      charsMax: Number.MAX_SAFE_INTEGER,
    })
    if (read.status !== "tail") throw new Error(read.status)
    return read.entries.map((entry) => ({ ...bodyOf(entry), seq: entry.seq }))
  }

  state(conversation: string): Promise<ConversationState> {
    return new ConversationView(this.engine.log, conversation).refresh()
  }

  /** Resolves with the first state, now or later, that is what the test waits for. */
  async until(conversation: string, isIt: (state: ConversationState) => boolean): Promise<ConversationState> {
    let wake = () => {}
    const unlisten = await this.engine.log.listen(conversation, { appended: () => wake(), ephemeral() {}, missed() {} })
    try {
      for (;;) {
        const changed = new Promise<void>((resolve) => {
          wake = resolve
        })
        const state = await this.state(conversation)
        if (isIt(state)) return state
        await changed
      }
    } finally {
      unlisten()
    }
  }

  ended(conversation: string, run: string): Promise<ConversationState> {
    const isOver = (status: string | undefined) => status === "completed" || status === "stopped" || status === "failed"
    return this.until(conversation, (state) => isOver(runOf(state, run)?.status))
  }
}

export function runOf(state: ConversationState, run: string) {
  return state.runs.find(({ id }) => id === run)
}

/** What the agent said in the run, one text a message. */
export function saidIn(state: ConversationState, run: string): string[] {
  return state.messages.filter((message) => message.run === run).map(textOf)
}
