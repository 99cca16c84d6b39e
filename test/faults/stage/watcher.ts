/**
 * Stands where agents report: holds them up at a place for as long as the test wants, counts how often they come by, and
 * is the outside world in which what they do has consequences.
 *
 * An agent that is held up waits for an answer over a connection, so one whose process has died is not held any more.
 */
import { once } from "node:events"
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { text } from "node:stream/consumers"

/** What an agent does that cannot be taken back. */
export interface Effect {
  readonly key: string
  /** Whether it was told that it may have done so before. */
  readonly again: boolean
}

export interface Hold {
  readonly place: string
  /** How often it is held there before it may pass. */
  readonly times: number
}

interface Watched {
  readonly visits: string[]
  readonly effects: Effect[]
  hold: Hold | undefined
  held: ServerResponse | undefined
}

interface Report extends Effect {
  readonly conversation: string
  readonly place: string
}

export class Watcher {
  readonly #server: Server
  readonly #watched = new Map<string, Watched>()

  private constructor(server: Server) {
    this.#server = server
    server.on("request", (request, response) => void this.#heard(request, response))
  }

  static async start(): Promise<Watcher> {
    // An agent may be held up for longer than any request takes.
    const server = createServer({ requestTimeout: 0, headersTimeout: 0 })
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    return new Watcher(server)
  }

  /** For the environment of the nodes whose agents report here. */
  get env(): Readonly<Record<string, string>> {
    return { EVERTHREAD_TEST_WATCHER: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}` }
  }

  hold(conversation: string, hold: Hold): void {
    this.#of(conversation).hold = hold
  }

  isHeld(conversation: string): boolean {
    return this.#of(conversation).held !== undefined
  }

  /** Lets it go on. @param word what it is told. */
  release(conversation: string, word = "go"): void {
    this.#of(conversation).held?.end(word)
  }

  visits(conversation: string, place: string): number {
    return this.#of(conversation).visits.filter((visited) => visited === place).length
  }

  effects(conversation: string): readonly Effect[] {
    return this.#of(conversation).effects
  }

  async close(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, "close")
  }

  async #heard(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { conversation, ...report } = JSON.parse(await text(request)) as Report
    const watched = this.#of(conversation)
    if (request.url === "/effect") watched.effects.push({ key: report.key, again: report.again })
    else watched.visits.push(report.place)
    if (request.url === "/reach" && this.#holds(conversation, report.place)) this.#keep(watched, response)
    else response.end("go")
  }

  #holds(conversation: string, place: string): boolean {
    const { hold } = this.#of(conversation)
    return hold?.place === place && this.visits(conversation, place) <= hold.times
  }

  #keep(watched: Watched, response: ServerResponse): void {
    watched.held = response
    response.on("close", () => {
      if (watched.held === response) watched.held = undefined
    })
  }

  #of(conversation: string): Watched {
    const known = this.#watched.get(conversation)
    if (known) return known
    const watched: Watched = { visits: [], effects: [], hold: undefined, held: undefined }
    this.#watched.set(conversation, watched)
    return watched
  }
}
