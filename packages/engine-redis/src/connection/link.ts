/**
 * One connection to one server, with deadlines of our own.
 *
 * The client library frames and parses; it neither reconnects nor retries nor follows anything. A link that was
 * lost, or that gave no answer in time, is over: whoever holds it opens another one. A call whose answer never
 * came may or may not have been carried out, and says so.
 */
import { EngineError } from "@everthread/engine"
import type { Clock } from "@everthread/protocol"
import { createClient, RESP_TYPES } from "@redis/client"
import { overdueWatch } from "./overdue.ts"
import { connectFailure, failureOf } from "./server-error.ts"
import { type Credentials, type ServerAddress, serverName, type Target } from "./target.ts"

/** What a server answers, as text, or as bytes where that was asked for. */
export type Reply = string | Buffer | number | boolean | null | readonly Reply[] | { readonly [key: string]: Reply }

export interface Link {
  readonly address: ServerAddress
  readonly isOpen: boolean
  /**
   * Asks in the order of the calls; several of one turn of the event loop go out together.
   * @param asBytes gives every text of the answer as a `Buffer`.
   * @throws EngineError `unavailable` if it was not sent, `unknown` if no answer came.
   * @throws ServerError what the server itself refused.
   */
  send(args: readonly (string | Buffer)[], asBytes?: boolean): Promise<Reply>
  /** Messages of a sharded channel, from when it resolves. */
  subscribe(channel: string, listener: ChannelListener): Promise<void>
  unsubscribe(channel: string): Promise<void>
  /** Messages of a channel of the whole server, from when it resolves: what sentinels speak on. */
  subscribeWide(channel: string, listener: (message: string) => void): Promise<void>
  /** Ends it at once; what waits for an answer is `unknown`. */
  close(reason?: string): void
}

export interface ChannelListener {
  message(text: string): void
  /** The server took the channel away, because its slot is another server's now. The end of the link is not told here. */
  ended(): void
}

export interface LinkOptions {
  readonly address: ServerAddress
  readonly target: Pick<Target, "tls" | "database"> & Credentials
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

/** RESP's bulk strings are given as bytes. */
const bytesOptions = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } }

type Client = ReturnType<typeof clientFor>

function clientFor({ address, target, deadlineMs, name }: LinkOptions) {
  return createClient({
    RESP: 3,
    name,
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(target.database ? { database: target.database } : {}),
    disableOfflineQueue: true,
    disableClientInfo: true,
    commandsQueueMaxLength: pendingMax,
    maintNotifications: "disabled",
    // The library's own limit makes an abort signal for every command: twice the work, and pauses. `overdue` watches.
    commandOptions: { timeout: 0 },
    socket: {
      host: address.host,
      port: address.port,
      connectTimeout: deadlineMs,
      reconnectStrategy: false,
      ...(target.tls ? { tls: true as const, ...target.tls } : {}),
    },
  })
}

/** @throws EngineError `unavailable` with the reason if it cannot be connected, `unusable` if it is not let in. */
export async function openLink(options: LinkOptions): Promise<Link> {
  const { address, clock, deadlineMs } = options
  const client = clientFor(options)
  let state: "opening" | "open" | "over" = "opening"
  let reason = "the connection was lost"
  const overdue = overdueWatch(clock, deadlineMs, () => close(`no answer within ${deadlineMs} ms`))
  client.on("error", (error: Error) => close(textOfError(error)))
  client.on("end", () => close(reason))
  const channels = new Map<string, ChannelListener>()
  client.on("sharded-channel-moved", (channel: string) => {
    const listener = channels.get(channel)
    channels.delete(channel)
    // While a call waits, the library takes such a push for its answer, and the true answer comes here or as an error.
    // Which channels are still heard cannot be told then.
    if (listener) listener.ended()
    else close("a channel was taken away while calls were under way")
  })

  function close(why = "it was closed"): void {
    if (state === "over") return
    const wasOpen = state === "open"
    state = "over"
    reason = why
    overdue.stop()
    client.destroy()
    if (wasOpen) options.lost(why)
  }

  try {
    await connect(client, clock, deadlineMs)
    if (state !== "opening") throw new Error(reason)
    state = "open"
  } catch (error) {
    close(textOfError(error))
    throw connectFailure(error, address, reason)
  }

  // One pair of callbacks for all calls: this is the hot path.
  const answered = <T>(reply: T): T => {
    overdue.answered()
    return reply
  }
  const failed = (error: unknown): never => {
    overdue.answered()
    throw failureOf(error, address, reason)
  }
  const ask = <T>(call: () => Promise<T>): Promise<T> => {
    if (state !== "open") return Promise.reject(isAway(address, reason))
    overdue.asked()
    return call().then(answered<T>, failed)
  }

  return {
    address,
    get isOpen() {
      return state === "open"
    },
    send(args, asBytes) {
      if (state !== "open") return Promise.reject(isAway(address, reason))
      overdue.asked()
      const options = asBytes ? bytesOptions : undefined
      return client.sendCommand<Reply>(args as string[], options).then(answered, failed)
    },
    async subscribe(channel, listener) {
      // Known before it is confirmed: the server may take a channel away right behind its answer.
      channels.set(channel, listener)
      try {
        await ask(() => client.sSubscribe(channel, (text) => listener.message(text)))
      } catch (error) {
        channels.delete(channel)
        throw error
      }
    },
    subscribeWide: (channel, listener) => ask(() => client.subscribe(channel, listener)),
    async unsubscribe(channel) {
      channels.delete(channel)
      await ask(() => client.sUnsubscribe(channel)).catch(() => undefined)
    },
    close,
  }
}

/**
 * Resolves when the server has let us in. The library's own limit does not cover a server that takes the connection
 * and then says nothing, and what it began goes on after it was told to stop: so it is told again when it is done.
 */
function connect(client: Client, clock: Clock, deadlineMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let isLate = false
    const timer = clock.startTimer(deadlineMs, () => {
      isLate = true
      reject(new Error(`could not connect within ${deadlineMs} ms`))
    })
    client.connect().then(
      () => {
        clock.stopTimer(timer)
        if (isLate) client.destroy()
        else resolve()
      },
      (error: unknown) => {
        clock.stopTimer(timer)
        reject(error)
      },
    )
  })
}

const isAway = (address: ServerAddress, reason: string) =>
  new EngineError("unavailable", `Redis at ${serverName(address)} is away: ${reason}`)

/** Several addresses were tried, and none answered: Node says nothing then but how each one failed. */
function textOfError(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(textOfError).join("; ")
  return error instanceof Error ? error.message || error.name : String(error)
}
