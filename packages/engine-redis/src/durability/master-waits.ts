/**
 * Waits until enough replicas of one master have everything that the master has answered so far.
 *
 * WAIT looks at what its own connection has written, so each batch writes a little something first, on a connection
 * that does nothing else: what the master answered before, on other connections, lies before it in the one stream
 * that its replicas get. One batch is in flight, and whoever comes meanwhile is in the next.
 *
 * A wait holds only for as long as the connection that gave the answer is open: then it is the same server, which has
 * not been restarted with less. Once that connection is gone, what was stored is `unknown`.
 */

import { EngineError } from "@everthread/engine"
import { listenerSet } from "@everthread/engine/parts"
import type { Clock, Timer } from "@everthread/protocol"
import type { Link } from "../connection/link.ts"
import { ServerError } from "../connection/server-error.ts"
import { serverName } from "../connection/target.ts"
import { scripts } from "../script.ts"
import type { KeptLink } from "../topology/kept-link.ts"
import { changeOrTimeout } from "../topology/whole.ts"

export interface MasterWaits {
  /** The connection for waiting is open. */
  readonly isOpen: boolean
  /**
   * @param answeredBy the connection whose answers are waited for.
   * @throws EngineError `unknown` if too few replicas have it within the deadline, or it cannot be known.
   */
  join(answeredBy: Link): Promise<void>
  /** Resolves when nobody waits. */
  idle(): Promise<void>
  /** Why nothing is confirmed at the moment, for people. */
  readonly shortage: string | undefined
  close(): void
}

export interface MasterWaitsSetup {
  readonly clock: Clock
  /** Opens the connection, and keeps it. */
  readonly keep: (changed: () => void) => KeptLink
  /** A key in a slot of this master; another turn may give another one. */
  readonly key: (turn: number) => string
  readonly replicas: number
  readonly deadlineMs: number
  /** `isOpen` or `shortage` has changed. */
  readonly changed: () => void
}

interface Wait {
  readonly answeredBy: Link
  readonly until: number
  resolve(): void
  reject(error: EngineError): void
}

/** How long one WAIT lasts at most: what comes meanwhile waits as long for its own. */
const askMsMax = 250
/** A WAIT must be answered long before the connection is given up for having no answer. */
const asksPerDeadline = 8
/** How soon it is tried again after an error, such as a slot that is on its way to another master. */
const againMs = 50
/** How often it is looked whether the replicas are back while nobody waits. */
const probeEveryMs = 1_000
/** More than this wait: waiting longer helps nobody. */
const waitsMax = 32_768

export function masterWaits(setup: MasterWaitsSetup): MasterWaits {
  const { clock, key, replicas, deadlineMs } = setup
  const askMs = Math.ceil(Math.min(askMsMax, deadlineMs / asksPerDeadline))
  const opened = listenerSet<[]>()
  const idle = listenerSet<[]>()
  const kept = setup.keep(() => {
    opened.tell()
    setup.changed()
  })
  const at = `Redis at ${serverName(kept.address)}`
  let waiting: Wait[] = []
  let turn = 0
  let isAsking = false
  let isClosed = false
  let shortage: string | undefined
  let probe: Timer | undefined

  const unknown = (why: string) => new EngineError("unknown", `${at} has it, and its replicas may not: ${why}`)

  async function ask(): Promise<void> {
    isAsking = true
    do {
      const batch = waiting
      waiting = []
      const lack = await lacking()
      const now = clock.monotonic()
      const isGivenUp = lack !== undefined && (batch.length === 0 || batch.some(({ until }) => now >= until))
      for (const wait of batch) settle(wait, lack, now)
      if (lack === undefined || isGivenUp) setShortage(lack)
    } while (waiting.length > 0)
    isAsking = false
    idle.tell()
    if (shortage !== undefined && !isClosed) probe = clock.startTimer(probeEveryMs, lookAgain)
  }

  /** @returns why not all that was answered before is on enough replicas, or `undefined` if it is. */
  async function lacking(): Promise<string | undefined> {
    try {
      const having = await replicasHaving()
      return having >= replicas ? undefined : `only ${having} of ${replicas} replicas have it`
    } catch (error) {
      if (error instanceof ServerError) turn += 1
      await changeOrTimeout(opened.add, clock, againMs)
      return error instanceof Error ? error.message : String(error)
    }
  }

  async function replicasHaving(): Promise<number> {
    const { link } = kept
    if (!link) throw new Error(kept.reason)
    const written = link.send(["EVAL", scripts.touch.lua, "1", key(turn)])
    const [, having] = await Promise.all([written, link.send(["WAIT", String(replicas), String(askMs)])])
    return Number(having)
  }

  function settle(wait: Wait, lack: string | undefined, now: number): void {
    if (isClosed) wait.reject(unknown("the engine was closed"))
    else if (!wait.answeredBy.isOpen) wait.reject(unknown("the connection was lost"))
    else if (lack === undefined) wait.resolve()
    else if (now >= wait.until) wait.reject(unknown(lack))
    else waiting.push(wait)
  }

  function setShortage(lack: string | undefined): void {
    const isNews = (shortage === undefined) !== (lack === undefined)
    shortage = lack === undefined ? undefined : `${at} is without its replicas: ${lack}`
    if (isNews) setup.changed()
  }

  function lookAgain(): void {
    probe = undefined
    if (!isAsking) void ask()
  }

  return {
    get isOpen() {
      return kept.link !== undefined
    },
    join(answeredBy) {
      if (isClosed) return Promise.reject(unknown("another server is the master now"))
      if (waiting.length >= waitsMax) return Promise.reject(unknown(`${waitsMax} others wait for them`))
      return new Promise((resolve, reject) => {
        waiting.push({ answeredBy, until: clock.monotonic() + deadlineMs, resolve, reject })
        if (!isAsking) void ask()
      })
    },
    idle: () => new Promise((resolve) => (isAsking ? void idle.add(resolve) : resolve())),
    get shortage() {
      return shortage
    },
    close() {
      isClosed = true
      if (probe) clock.stopTimer(probe)
      kept.close("it is not waited for any more")
      opened.tell()
    },
  }
}
