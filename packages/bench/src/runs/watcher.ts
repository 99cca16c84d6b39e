/** One device that asks agents in many conversations and notes when each run is tried, and when it speaks. */
import { type DownFrame, type LeanFrame, LeanReader, type LogEvent, protocolVersion } from "@everthread/protocol"
import { WebSocket } from "ws"

/** What was seen of one conversation's run. */
export interface Seen {
  /** Who works on it. */
  node: string | undefined
  attempt: number
  /** When the present attempt spoke first, in milliseconds of the monotonic clock. */
  spokeAt: number | undefined
  isOver: boolean
}

export class Watcher {
  readonly #socket: WebSocket
  readonly #reader = new LeanReader()
  readonly #seen = new Map<string, Seen>()
  readonly #waiting = new Set<() => void>()
  readonly #answers = new Map<number, (frame: DownFrame) => void>()
  #requests = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on("message", (data: Buffer) => {
      const frame = this.#reader.read(JSON.parse(data.toString("utf8")) as DownFrame | LeanFrame)
      if (frame) this.#take(frame)
    })
  }

  /** @returns when the server has welcomed it, or before: what it asks waits there. */
  static async connect(port: number): Promise<Watcher> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v1`, { perMessageDeflate: false })
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject))
    const watcher = new Watcher(socket)
    const hello = { type: "hello", protocol: protocolVersion, user: "ada", device: "bench", lean: true }
    socket.send(JSON.stringify(hello))
    return watcher
  }

  /** Begins a conversation, follows it, and asks. @returns what is seen of it, from now on. */
  async ask(conversation: string, text: string): Promise<Seen> {
    const seen: Seen = { node: undefined, attempt: 0, spokeAt: undefined, isOver: false }
    this.#seen.set(conversation, seen)
    await this.#request({ type: "create", conversation })
    await this.#request({ type: "subscribe", conversation })
    await this.#request({ type: "send", conversation, text, agent: "talker" })
    return seen
  }

  /** Stops whatever is going on where it has asked. */
  async stopAll(): Promise<void> {
    const open = [...this.#seen].filter(([, { isOver }]) => !isOver)
    await Promise.all(open.map(([conversation]) => this.#request({ type: "stop", conversation })))
  }

  /** Resolves when it holds; it is looked at after each frame. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition()) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }

  close(): void {
    this.#socket.close()
  }

  #request(frame: object): Promise<void> {
    this.#requests += 1
    const id = this.#requests
    return new Promise((resolve, reject) => {
      this.#answers.set(id, (answer) => (answer.type === "ok" ? resolve() : reject(new Error(JSON.stringify(answer)))))
      this.#socket.send(JSON.stringify({ ...frame, id, key: `w${process.pid}-${id}` }))
    })
  }

  #take(frame: DownFrame): void {
    if ((frame.type === "ok" || frame.type === "error") && frame.id !== undefined) this.#answers.get(frame.id)?.(frame)
    if (frame.type !== "events") return
    const seen = this.#seen.get(frame.conversation)
    for (const event of frame.events) if (seen) note(seen, event)
    for (const look of [...this.#waiting]) look()
  }
}

function note(seen: Seen, event: LogEvent): void {
  if (event.type === "run.attempt")
    Object.assign(seen, { node: event.node, attempt: event.attempt, spokeAt: undefined })
  if (event.type === "delta") seen.spokeAt ??= performance.now()
  if (event.type === "run.ended") seen.isOver = true
}
