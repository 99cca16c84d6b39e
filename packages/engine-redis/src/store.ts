/**
 * The way to the server: a script, its keys, its answer.
 *
 * A call takes the connection of its partition's master, and is answered by it: that is all, nearly always. What
 * happens otherwise is in repeat.ts. Calls are bounded in number and in time, so that a server that is away costs
 * neither memory nor patience without end.
 */
import { EngineError, type EngineObserver } from "@everthread/engine"
import { listenerSet, type StatusBoard } from "@everthread/engine/parts"
import type { Clock, Random } from "@everthread/protocol"
import { type Answer, type Call, evaluate } from "./evaluate.ts"
import { repeat } from "./repeat.ts"
import type { Topology } from "./topology/topology.ts"
import { watchStatus } from "./watch-status.ts"

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

export interface StoreSetup {
  readonly clock: Clock
  readonly random: Random
  readonly topology: Topology
  readonly status: StatusBoard
  /** How long a call may take with all its repeats, in milliseconds. */
  readonly deadlineMs: number
  /** A key of the partition that nobody else has: written to see whether its master takes writes again. */
  readonly probeKey: (partition: number) => string
  /** Resolves when what was answered is safe, too: until then the connections stay open. */
  readonly settled?: () => Promise<void>
}

const closedError = () => new EngineError("closed", "The engine was closed.")
const silent: EngineObserver = { roundTrip() {}, reconnected() {} }
const requestNonceChars = 8
/** More than this are under way: the server is not keeping up, and waiting longer helps nobody. */
const callsMax = 32_768

export function openStore(setup: StoreSetup): Store {
  const { clock, random, topology, status, deadlineMs } = setup
  const prefix = random.id(requestNonceChars)
  const closing = listenerSet<[]>()
  const idle = listenerSet<[]>()
  const statusWatch = watchStatus({ ...setup, run })
  const repeating = {
    ...setup,
    refusedWrite: statusWatch.refusedWrite,
    isClosed: () => isClosed,
    onChange(listener: () => void) {
      const stops = [topology.onChange(listener), closing.add(listener)]
      return () => stops.forEach((stop) => void stop())
    },
  }
  let observer = silent
  let requests = 0
  let underWay = 0
  let isClosed = false

  function assertOpen(): void {
    if (isClosed) throw closedError()
  }

  /** Not `async`: every append comes this way, and each promise more is made for it, and collected. */
  function run(call: Call): Promise<Answer> {
    const refusal = refusalOf()
    if (refusal) return Promise.reject(refusal)
    const startedAt = clock.monotonic()
    underWay += 1
    return answerOf(call, startedAt + deadlineMs).then(
      (answer) => {
        ended(call, startedAt, "answered")
        return answer
      },
      (error: unknown) => {
        ended(call, startedAt, "failed")
        throw error
      },
    )
  }

  function refusalOf(): EngineError | undefined {
    if (isClosed) return closedError()
    if (underWay < callsMax) return undefined
    return new EngineError("unavailable", `Redis does not keep up: ${callsMax} calls wait.`)
  }

  function ended({ script }: Call, startedAt: number, outcome: "answered" | "failed"): void {
    underWay -= 1
    if (underWay === 0 && isClosed) idle.tell()
    observer.roundTrip(script.name, (clock.monotonic() - startedAt) / 1_000, outcome)
  }

  function answerOf(call: Call, until: number): Promise<Answer> {
    requests += 1
    const nonce = call.nonce ?? `${prefix}${requests}`
    const link = topology.linkOf(call.partition)
    if (!link)
      return repeat(repeating, call, nonce, until, { error: new EngineError("unavailable", topology.reason()) })
    return evaluate(link, call, nonce).catch((error: unknown) => repeat(repeating, call, nonce, until, { error, link }))
  }

  /** Resolves when nothing is under way: what waits for a connection is given up at once. */
  function drained(): Promise<void> {
    closing.tell()
    return new Promise((resolve) => {
      if (underWay === 0) resolve()
      else idle.add(resolve)
    })
  }

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
      const isFirst = !isClosed
      isClosed = true
      await drained()
      if (!isFirst) return
      await setup.settled?.()
      statusWatch.stop()
      topology.close()
      status.set({ state: "unavailable", reason: "The engine was closed." })
    },
  }
}
