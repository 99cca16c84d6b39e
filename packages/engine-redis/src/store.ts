/**
 * The way to the server: a script, its keys, its answer.
 *
 * What a server refuses without doing it (moved, loading, a replica now) is tried again until the deadline, for
 * every script. What may have been done is tried again only where a repeat is harmless; otherwise the caller is
 * told `unknown`. An answer that does not name its own request ends the connection: a mixed-up answer must never
 * show one person another's words.
 */
import { EngineError, type EngineObserver } from "@everthread/engine"
import type { StatusBoard } from "@everthread/engine/parts"
import type { Clock, Random, Timer } from "@everthread/protocol"
import { type Link, type Reply, ServerError } from "./connection/link.ts"
import { judge } from "./connection/verdict.ts"
import type { Script } from "./script.ts"
import type { Topology } from "./topology/topology.ts"

export interface Call {
  readonly script: Script
  readonly partition: number
  readonly keys: readonly [string, ...string[]]
  /** Without the nonce of the request, which comes first. */
  readonly args: readonly string[]
  /** The nonce, where the caller has one of its own: an append's. */
  readonly nonce?: string
  /** The key that the answer names. Default: the first. */
  readonly answersFor?: string
  /** A repeat is harmless, whatever the script says of itself. */
  readonly repeatable?: boolean
}

export interface Store {
  readonly clock: Clock
  readonly random: Random
  readonly topology: Topology
  readonly status: StatusBoard
  /** Throws `closed` once the engine is. */
  assertOpen(): void
  /** @returns what the script gave after the nonce and the key: the rest of the list, or the text before them. */
  run(call: Call): Promise<Answer>
  observe(observer: EngineObserver): void
  readonly observer: EngineObserver
  /** Nothing is begun any more; what is under way is finished or given up. */
  close(): Promise<void>
}

/** `text` where the script answers with one text, `list` where it answers with a list. */
export interface Answer {
  readonly text: string
  readonly list: readonly Reply[]
}

export interface StoreSetup {
  readonly clock: Clock
  readonly random: Random
  readonly topology: Topology
  readonly status: StatusBoard
  /** How long a call may take with all its repeats, in milliseconds. */
  readonly deadlineMs: number
  /** Told when the server takes no writes, with its reason. */
  readonly refusedWrite: (reason: string) => void
}

const silent: EngineObserver = { roundTrip() {}, reconnected() {} }
const requestNonceChars = 8
const retryMsMax = 100

export function openStore(setup: StoreSetup): Store {
  const { clock, random, topology, status, deadlineMs } = setup
  const prefix = random.id(requestNonceChars)
  const under = new Set<Promise<unknown>>()
  let observer = silent
  let requests = 0
  let isClosed = false

  function assertOpen(): void {
    if (isClosed) throw new EngineError("closed", "The engine was closed.")
  }

  async function run(call: Call): Promise<Answer> {
    assertOpen()
    const startedAt = clock.monotonic()
    const work = attempt(call, startedAt + deadlineMs)
    under.add(work)
    const seconds = () => (clock.monotonic() - startedAt) / 1_000
    try {
      const answer = await work
      observer.roundTrip(call.script.name, seconds(), "answered")
      return answer
    } catch (error) {
      observer.roundTrip(call.script.name, seconds(), "failed")
      throw error
    } finally {
      under.delete(work)
    }
  }

  async function attempt(call: Call, until: number): Promise<Answer> {
    requests += 1
    const nonce = call.nonce ?? `${prefix}${requests}`
    const repeatable = call.repeatable ?? call.script.repeatable
    let way: Way = { kind: "routed" }
    for (let tries = 0; ; tries++) {
      const link = await follow(way, call, until)
      try {
        return check(call, nonce, await evaluate(link, call, nonce, way.kind === "ask"), link)
      } catch (error) {
        way = next(error, call, repeatable)
        if (clock.monotonic() >= until) throw given(error)
        if (way.kind === "routed" && tries > 0) await pause(Math.min(2 ** tries, retryMsMax))
      }
    }
  }

  /** @returns where to try next. @throws what the caller is to be told. */
  function next(error: unknown, call: Call, repeatable: boolean): Way {
    if (!(error instanceof ServerError)) {
      const isUnsent = error instanceof EngineError && error.code === "unavailable"
      if (error instanceof EngineError && (isUnsent || (error.code === "unknown" && repeatable)))
        return { kind: "routed" }
      throw error
    }
    const verdict = judge(error)
    switch (verdict.kind) {
      case "moved":
        topology.suspect(error.message)
        return { kind: "to", address: verdict.address }
      case "ask":
        return { kind: "ask", address: verdict.address }
      case "again":
        if (verdict.suspect) topology.suspect(error.message)
        return { kind: "routed" }
      case "read-only":
        setup.refusedWrite(error.message)
        throw new EngineError("read-only", `Redis takes no writes: ${error.message}`, { cause: error })
      case "refused":
        throw new Error(`Redis refused ${call.script.name}: ${error.message}`, { cause: error })
    }
  }

  async function follow(way: Way, call: Call, until: number): Promise<Link> {
    if (way.kind !== "routed") return topology.linkTo(way.address)
    for (;;) {
      assertOpen()
      const link = topology.linkOf(call.partition)
      if (link) return link
      const leftMs = until - clock.monotonic()
      if (leftMs <= 0) throw new EngineError("unavailable", topology.reason())
      await changeOrTimeout(leftMs)
    }
  }

  function changeOrTimeout(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer: Timer = clock.startTimer(ms, done)
      const stop = topology.onChange(done)
      function done() {
        clock.stopTimer(timer)
        stop()
        resolve()
      }
    })
  }

  const pause = (ms: number) => new Promise<void>((resolve) => void clock.startTimer(ms, resolve))

  return {
    clock,
    random,
    topology,
    status,
    assertOpen,
    run,
    observe: (given) => {
      observer = given
    },
    get observer() {
      return observer
    },
    async close() {
      if (isClosed) return void (await Promise.allSettled([...under]))
      isClosed = true
      await Promise.allSettled([...under])
      topology.close()
      status.set({ state: "unavailable", reason: "The engine was closed." })
    },
  }
}

type Way =
  | { readonly kind: "routed" }
  | { readonly kind: "to" | "ask"; readonly address: { readonly host: string; readonly port: number } }

/** A server's refusal that lasted until the deadline is a store that is away. */
function given(error: unknown): unknown {
  if (!(error instanceof ServerError)) return error
  return new EngineError("unavailable", `Redis cannot do it at the moment: ${error.message}`, { cause: error })
}

/** The scripts' cache is neither replicated nor persisted: a server that does not know one gets its text. */
async function evaluate(link: Link, call: Call, nonce: string, asking: boolean): Promise<Reply> {
  const { script, keys, args } = call
  const rest = [String(keys.length), ...keys, nonce, ...args]
  const send = (command: string, text: string) => {
    // Right behind each other in the same turn: ASKING holds for the next command of the connection only.
    if (asking) void link.send(["ASKING"]).catch(() => undefined)
    return link.send([command, text, ...rest])
  }
  try {
    return await send("EVALSHA", script.sha1)
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== "NOSCRIPT") throw error
    return send("EVAL", script.lua)
  }
}

function check(call: Call, nonce: string, reply: Reply, link: Link): Answer {
  const key = call.answersFor ?? call.keys[0]
  if (Array.isArray(reply)) {
    const list = reply as readonly Reply[]
    if (list[0] === nonce && list[1] === key) return { text: "", list: list.slice(2) }
  } else if (typeof reply === "string") {
    const ending = ` ${nonce} ${key}`
    if (reply.endsWith(ending)) return { text: reply.slice(0, -ending.length), list: [] }
  }
  link.close("it gave one request the answer to another")
  throw new EngineError("unknown", `Redis answered ${call.script.name} with the answer to another request.`)
}
