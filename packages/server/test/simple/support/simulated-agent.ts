/** An agent that says what the test tells it to, through the ports that a worker uses: a claim, and fenced appends. */
import { bodyOf, type Engine, type Fence, freshNonce } from "@everthread/engine"
import { type EventBody, type EventOf, startCursor, systemRandom } from "@everthread/protocol"

const nonce = () => systemRandom.id(10)
const time = 1_790_000_000_000

export class SimulatedRun {
  readonly run: string
  readonly #engine: Engine
  readonly #conversation: string
  readonly #fence: Fence
  #n = 0

  private constructor(engine: Engine, conversation: string, run: string, fence: Fence) {
    this.#engine = engine
    this.#conversation = conversation
    this.run = run
    this.#fence = fence
  }

  /** Claims the newest run that was asked for, as its next attempt. */
  static async claim(engine: Engine, conversation: string, attempt = 1): Promise<SimulatedRun> {
    const run = await newestRun(engine, conversation)
    const open = (await engine.leases.openRuns()).find((held) => held.run === run)
    const claim = { conversation, run, node: "node-1", nonce: nonce(), instead: open?.owner?.fence }
    const fence = await engine.leases.claim(claim)
    if (!fence) throw new Error("somebody else claimed the run")
    const claimed = new SimulatedRun(engine, conversation, run, fence)
    await claimed.append({ type: "run.attempt", time, run, attempt, node: "node-1" })
    return claimed
  }

  async append(...bodies: readonly EventBody[]): Promise<void> {
    const result = await this.#engine.log.append({
      conversation: this.#conversation,
      nonce: freshNonce(systemRandom),
      bodies: bodies.map((body) => JSON.stringify(body)),
      fence: this.#fence,
      n: this.#n++,
    })
    if (result.status !== "appended") throw new Error(`refused: ${result.status}`)
  }

  async begin(message: string, kind = "text"): Promise<void> {
    await this.#output(message, { event: "message-start" })
    const content =
      kind === "text"
        ? { type: "text", text: "" }
        : { type: "tool_call_chunk", id: "call-1", name: "look_up", args: "" }
    await this.#output(message, { event: "content-block-start", index: 0, content })
  }

  async say(message: string, at: number, text: string): Promise<void> {
    await this.append({ type: "delta", message, block: 0, at, text })
  }

  async finish(message: string, text: string): Promise<void> {
    await this.#output(message, { event: "content-block-finish", index: 0, content: { type: "text", text } })
    await this.#output(message, { event: "message-finish" })
  }

  /** A message that only calls a tool. */
  async callTool(message: string): Promise<void> {
    await this.begin(message, "tool")
    const content = { type: "tool_call", id: "call-1", name: "look_up", args: { city: "Bern" } }
    await this.#output(message, { event: "content-block-finish", index: 0, content })
    await this.#output(message, { event: "message-finish" })
  }

  /** A whole answer, in pieces. */
  async answer(message: string, ...pieces: readonly string[]): Promise<void> {
    await this.begin(message)
    let at = 0
    for (const piece of pieces) {
      await this.say(message, at, piece)
      at += piece.length
    }
    await this.finish(message, pieces.join(""))
  }

  async rewind(attempt: number, ...messages: string[]): Promise<void> {
    await this.append({ type: "rewind", time, run: this.run, attempt, messages })
  }

  async end(outcome: "completed" | "stopped" | "failed" = "completed"): Promise<void> {
    await this.append({ type: "run.ended", time, run: this.run, outcome })
  }

  async #output(message: string, data: EventOf<"agent">["data"]): Promise<void> {
    await this.append({ type: "agent", time, run: this.run, method: "messages", ns: ["model:1"], message, data })
  }
}

async function newestRun(engine: Engine, conversation: string): Promise<string> {
  const page = await engine.log.read(conversation, startCursor, {
    entriesMax: 10_000,
    charsMax: Number.MAX_SAFE_INTEGER,
  })
  const bodies = page.status === "tail" ? page.entries.map(bodyOf) : []
  const queued = bodies.findLast((body) => body.type === "run.queued")
  if (queued?.type !== "run.queued") throw new Error("no run was asked for")
  return queued.run
}
