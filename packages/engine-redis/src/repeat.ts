/**
 * A call that did not succeed at once: what to do next, until its deadline.
 *
 * What a server refuses without doing it (moved, loading, a replica now) is tried again, for every script. What may
 * have been done is tried again only where a repeat is harmless; otherwise the caller is told `unknown`. And once it
 * may have been done, no later failure makes it undone: the caller is told `unknown` then, too. (SPEC STO7)
 */
import { EngineError, freshNonce } from "@everthread/engine"
import type { Clock, Random } from "@everthread/protocol"
import type { Link } from "./connection/link.ts"
import { ServerError, saidBy } from "./connection/server-error.ts"
import { type ServerAddress, serverName } from "./connection/target.ts"
import { judge } from "./connection/verdict.ts"
import { type Answer, type Call, evaluate, type Manner } from "./evaluate.ts"
import type { Topology } from "./topology/topology.ts"
import { changeOrTimeout } from "./topology/whole.ts"

export interface RepeatSetup {
  readonly clock: Clock
  readonly random: Random
  readonly topology: Topology
  /** Told when a partition's master takes no writes, with its reason. */
  readonly refusedWrite: (partition: number, reason: string) => void
  /** Told of the topology's changes, and of the engine's end. */
  readonly onChange: (listener: () => void) => () => void
  readonly isClosed: () => boolean
}

/** What failed, where, and how it was asked. */
export interface Failure {
  readonly error: unknown
  readonly link?: Link
  readonly manner?: Manner
}

/** Where the next try goes, and how. */
interface Way extends Manner {
  /** A redirection's server; without one the topology says. */
  readonly to?: ServerAddress
  /** The same connection again. */
  readonly on?: Link
  /** Not at once. */
  readonly later?: boolean
}

/** Redirections that are followed without a pause: a slot that moves twice is one thing, two servers at odds another. */
const quickRedirectionsMax = 3
const pauseMsMin = 5
const pauseMsMax = 100
/** How long a redirection waits for its connection, before the topology is asked again. */
const redirectionMsMax = 500

/** @throws what the caller is to be told. */
export async function repeat(
  setup: RepeatSetup,
  call: Call,
  firstNonce: string,
  until: number,
  first: Failure,
): Promise<Answer> {
  let failure = first
  let nonce = firstNonce
  let maybeDone: EngineError | undefined
  try {
    for (let tries = 0; ; tries++) {
      if (failure.error instanceof EngineError && failure.error.code === "unknown") {
        maybeDone = failure.error
        if (call.namesLineage) nonce = freshNonce(setup.random)
      }
      // A script that has to be sent in full is no new try: what was under way at the end is finished.
      const isOver = setup.isClosed() && !isUncached(failure.error)
      if (isOver || setup.clock.monotonic() >= until) throw given(failure.error)
      const way = next(setup, call, failure)
      if (way.later || (way.to && tries >= quickRedirectionsMax)) await pause(setup, tries)
      const link = await linkFor(setup, way, call.partition, until)
      try {
        return await evaluate(link, call, nonce, way)
      } catch (error) {
        failure = { error, link, manner: way }
      }
    }
  } catch (error) {
    throw maybeDone ?? error
  }
}

const isUncached = (error: unknown): boolean => error instanceof ServerError && error.code === "NOSCRIPT"

/** @returns where to try next. @throws what the caller is to be told. */
function next(setup: RepeatSetup, call: Call, { error, link, manner = {} }: Failure): Way {
  if (!(error instanceof ServerError)) return nextWithoutAnswer(error, call, link)
  if (isUncached(error) && link) return { ...manner, on: link, inFull: true }
  const verdict = judge(error, link?.address)
  switch (verdict.kind) {
    case "moved":
      setup.topology.moved(call.partition, verdict.address)
      return { to: verdict.address }
    case "ask":
      return { to: verdict.address, asking: true }
    case "again":
      if (verdict.suspect) setup.topology.suspect()
      return { later: true }
    case "read-only": {
      const reason = `Redis${link ? ` at ${serverName(link.address)}` : ""} takes no writes: ${saidBy(error.message)}`
      setup.refusedWrite(call.partition, reason)
      throw new EngineError("read-only", reason, { cause: error })
    }
    case "forbidden":
      throw new EngineError("unavailable", `Redis forbids ${call.script.name}: ${error.message}. ${toGrant}`, {
        cause: error,
      })
    case "refused":
      throw new Error(`Redis refused ${call.script.name}: ${error.message}`, { cause: error })
  }
}

const toGrant = "Give the user in redis.url the rights that docs/redis.md names."

function nextWithoutAnswer(error: unknown, call: Call, link: Link | undefined): Way {
  if (!(error instanceof EngineError)) throw error
  if (error.code === "unavailable") return { later: link !== undefined }
  const isHarmless = call.repeatable ?? call.script.repeatable
  if (error.code === "unknown" && isHarmless) return {}
  throw error
}

async function linkFor(setup: RepeatSetup, way: Way, partition: number, until: number): Promise<Link> {
  const { clock, topology } = setup
  const redirectedUntil = Math.min(until, clock.monotonic() + redirectionMsMax)
  for (;;) {
    if (way.on?.isOpen) return way.on
    const isRedirected = way.to && clock.monotonic() < redirectedUntil
    const link = isRedirected ? topology.linkTo(way.to) : topology.linkOf(partition)
    if (link) return link
    if (setup.isClosed()) throw new EngineError("closed", "The engine was closed.")
    const leftMs = (isRedirected ? redirectedUntil : until) - clock.monotonic()
    if (!isRedirected && leftMs <= 0) throw new EngineError("unavailable", topology.reason())
    await changeOrTimeout(setup.onChange, clock, Math.max(0, leftMs))
  }
}

/** A server's refusal that lasted until the deadline is a store that is away. */
function given(error: unknown): unknown {
  if (!(error instanceof ServerError)) return error
  return new EngineError("unavailable", `Redis cannot do it at the moment: ${error.message}`, { cause: error })
}

/** Full jitter, because what one call met many have met. */
function pause({ clock, random }: RepeatSetup, tries: number): Promise<void> {
  const longestMs = Math.min(pauseMsMin * 2 ** tries, pauseMsMax)
  return new Promise((resolve) => void clock.startTimer(longestMs * random.fraction(), resolve))
}
