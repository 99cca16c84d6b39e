/**
 * One connection to one server, with deadlines of our own.
 *
 * The client library frames and parses; it neither reconnects nor retries nor follows anything. A link that was
 * lost, or that gave no answer in time, is over: whoever holds it opens another one. A call whose answer never
 * came may or may not have been carried out, and says so.
 */
import { EngineError } from "@everthread/engine"
import type { Clock, Timer } from "@everthread/protocol"
import { createClient } from "@redis/client"
import type { ServerAddress, Target } from "./target.ts"

/** What a server answers, as text. */
export type Reply = string | number | boolean | null | readonly Reply[] | { readonly [key: string]: Reply }

export interface Link {
  readonly address: ServerAddress
  readonly isOpen: boolean
  /**
   * Asks in the order of the calls; several of one turn of the event loop go out together.
   * @throws EngineError `unavailable` if it was not sent, `unknown` if no answer came.
   * @throws ServerError what the server itself refused.
   */
  send(args: readonly string[]): Promise<Reply>
  /** Messages of a channel, from when it resolves. */
  subscribe(channel: string, listener: (message: string) => void): Promise<void>
  unsubscribe(channel: string): Promise<void>
  /** Ends it at once; what waits for an answer is `unknown`. */
  close(reason?: string): void
}

export interface LinkOptions {
  readonly address: ServerAddress
  readonly target: Pick<Target, "tls" | "username" | "password" | "database">
  readonly clock: Clock
  /** How long one answer may take, and how long connecting may. */
  readonly deadlineMs: number
  /** What the server's CLIENT LIST calls it. */
  readonly name: string
  /** Called once, when it is over. */
  readonly lost: (reason: string) => void
}

/** More calls than this wait for an answer: the server is not keeping up, and waiting longer helps nobody. */
const pendingMax = 100_000
/** An overdue answer is looked for this often within one deadline. */
const looksPerDeadline = 8

/** @throws EngineError `unavailable` with the reason, if it cannot be connected. */
export async function openLink(options: LinkOptions): Promise<Link> {
  const { address, target, clock, deadlineMs, name } = options
  const client = createClient({
    RESP: 3,
    name,
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(target.database ? { database: target.database } : {}),
    disableOfflineQueue: true,
    disableClientInfo: true,
    commandsQueueMaxLength: pendingMax,
    maintNotifications: "disabled",
    socket: {
      host: address.host,
      port: address.port,
      connectTimeout: deadlineMs,
      reconnectStrategy: false,
      ...(target.tls ? { tls: true as const, ...target.tls } : {}),
    },
  })
  let state: "opening" | "open" | "over" = "opening"
  let reason = "the connection was lost"
  const overdue = overdueWatch(clock, deadlineMs, () => close(`no answer within ${deadlineMs} ms`))
  client.on("error", (error: Error) => close(error.message))
  client.on("end", () => close(reason))

  function close(why = "it was closed"): void {
    if (state === "over") return
    const wasOpen = state === "open"
    state = "over"
    reason = why
    overdue.stop()
    client.destroy()
    if (wasOpen) options.lost(why)
  }

  const connecting = clock.startTimer(deadlineMs, () => close(`could not connect within ${deadlineMs} ms`))
  try {
    await client.connect()
    if (state !== "opening") throw new Error(reason)
    state = "open"
  } catch (error) {
    close(error instanceof Error ? error.message : String(error))
    const text = `Redis at ${textOf(address)} cannot be reached: ${reason}`
    throw new EngineError("unavailable", text, { cause: error })
  } finally {
    clock.stopTimer(connecting)
  }

  return {
    address,
    get isOpen() {
      return state === "open"
    },
    async send(args) {
      if (state !== "open") throw new EngineError("unavailable", `Redis at ${textOf(address)} is away: ${reason}`)
      const done = overdue.asked()
      try {
        return await client.sendCommand<Reply>(args as string[])
      } catch (error) {
        throw failureOf(error, address, () => reason)
      } finally {
        done()
      }
    },
    async subscribe(channel, listener) {
      const done = overdue.asked()
      try {
        await client.sSubscribe(channel, listener)
      } catch (error) {
        throw failureOf(error, address, () => reason)
      } finally {
        done()
      }
    },
    async unsubscribe(channel) {
      await client.sUnsubscribe(channel).catch(() => undefined)
    },
    close,
  }
}

/** The server understood the call and refused it: nothing was done. `code` is the error's first word: `MOVED`. */
export class ServerError extends Error {
  override readonly name = "ServerError"
  readonly code: string

  constructor(message: string) {
    super(message)
    this.code = message.slice(0, /[^A-Z]|$/.exec(message)?.index)
  }
}

function failureOf(error: unknown, address: ServerAddress, reason: () => string): Error {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof Error && isReply(error)) return new ServerError(message)
  const text = `Redis at ${textOf(address)} gave no answer: ${reason()}`
  return new EngineError("unknown", text, { cause: error })
}

/** The library has classes of its own for these, which it does not export one by one. */
const isReply = (error: Error): boolean => /^[A-Z]{2,}\b/.test(error.message) && !("code" in error)

export const textOf = ({ host, port }: ServerAddress): string => `${host}:${port}`

/**
 * Watches the oldest call that waits. Answers come in the order of the calls, so one look is enough. It fires when
 * two looks find the same call overdue: this process may have been stopped, and the answers be there to be read.
 */
function overdueWatch(clock: Clock, deadlineMs: number, fire: () => void) {
  const asked: number[] = []
  let first = 0
  let suspect: number | undefined
  let timer: Timer | undefined
  const look = () => {
    timer = undefined
    const oldest = asked[first]
    if (oldest === undefined) return
    const isOverdue = clock.monotonic() - oldest > deadlineMs
    if (isOverdue && suspect === first) return fire()
    suspect = isOverdue ? first : undefined
    watch()
  }
  const watch = () => {
    timer ??= clock.startTimer(deadlineMs / looksPerDeadline, look)
  }
  return {
    asked(): () => void {
      asked.push(clock.monotonic())
      watch()
      return () => {
        first += 1
        if (first < 1_024 || first * 2 < asked.length) return
        asked.splice(0, first)
        if (suspect !== undefined) suspect -= first
        first = 0
      }
    },
    stop() {
      if (timer) clock.stopTimer(timer)
    },
  }
}
