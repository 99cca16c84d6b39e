/**
 * The engines that keep presence, and which of them are gone.
 *
 * Each counts a heartbeat of its own up, and watches everybody's with its own monotonic clock. One whose counter has
 * stood still for too long is given up by whoever sees it first, in the store, and for good: should it have been
 * paused only, it finds that out at its next heartbeat, goes on under a new name, and what stands under the old one
 * can be cleared away without harming it.
 *
 *   joining ──(first beat)──▶ known ──(given up, or forgotten by the store)──▶ joining, under another name
 */
import type { Timer } from "@everthread/protocol"
import type { Keys } from "../keys.ts"
import { pairsOf } from "../pairs.ts"
import { scripts } from "../script.ts"
import type { Store } from "../store.ts"
import { Silence } from "./silence.ts"

/** How often an engine counts up. */
const beatMs = 1_000
/** How long a counter may stand still before its engine is gone: a pause that people would call an outage. */
const engineGoneAfterMs = 5_000
const nameChars = 12
const gone = "gone"

export interface Registry {
  /** This engine's name, fit to write under: the others have heard of it a moment ago. */
  name(): Promise<string>
  /** Engines that were given up, and may have left something behind. */
  gone(): Iterable<string>
  /** @returns those that live. Ones that are not known yet are asked for: they may have come a moment ago. */
  living(engines: readonly string[]): Promise<ReadonlySet<string>>
  /** Nothing is left of it. */
  forget(engine: string): Promise<void>
  /** No more heartbeats. @returns the name that it has, if it ever had one. */
  stop(): Promise<string | undefined>
}

export interface RegistryEvents {
  /** The store has answered: it is there, and this engine is known under its name. */
  beaten(): void
  /** This engine goes on under a new name: what it wrote under the old one counts no more. */
  renamed(before: string): void
  /** Told again while it is not forgotten: whoever was first to clear it away may have gone as well. */
  lost(engine: string): void
}

export function registry(store: Store, keys: Keys, events: RegistryEvents): Registry {
  const { clock, random } = store
  const at = { partition: keys.beatPartition, keys: [keys.other(keys.beatPartition, "e", "engines")] as [string] }
  const silence = new Silence(engineGoneAfterMs, beatMs * 2)
  let own = random.id(nameChars)
  let state: "joining" | "known" | "stopped" = "joining"
  /** When the last heartbeat that was answered had been sent. */
  let beatAt = Number.NEGATIVE_INFINITY
  let counts = new Map<string, string>()
  let beating: Promise<void> | undefined
  let timer: Timer | undefined

  function beat(): Promise<void> {
    beating ??= beatOnce().finally(() => {
      beating = undefined
      if (timer) clock.stopTimer(timer)
      if (state !== "stopped") timer = clock.startTimer(beatMs, () => void beat().catch(() => undefined))
    })
    return beating
  }

  async function beatOnce(): Promise<void> {
    const sentAt = clock.monotonic()
    const args = [own, state === "joining" ? "join" : ""]
    const { list } = await store.run({ script: scripts.presenceBeat, ...at, args })
    counts = new Map(pairsOf(list[1]))
    if (list[0] === 0) return state === "stopped" ? undefined : rename()
    beatAt = sentAt
    if (state === "joining") state = "known"
    const silent = silence.look(counts, clock.monotonic()).filter((engine) => engine !== own)
    for (const engine of silent) await giveUp(engine)
    events.beaten()
  }

  function rename(): Promise<void> {
    const before = own
    own = random.id(nameChars)
    state = "joining"
    events.renamed(before)
    return beatOnce()
  }

  async function giveUp(engine: string): Promise<void> {
    const count = counts.get(engine) ?? ""
    if (count !== gone && !(await mark(engine, count, gone))) return
    counts.set(engine, gone)
    events.lost(engine)
  }

  async function mark(engine: string, seen: string, becomes: typeof gone | ""): Promise<boolean> {
    const { list } = await store.run({ script: scripts.presenceMark, ...at, args: [engine, seen, becomes] })
    return list[0] === 1
  }

  return {
    async name() {
      if (state === "joining" || clock.monotonic() - beatAt >= engineGoneAfterMs) await beat()
      return own
    },
    gone: () => [...counts].filter(([, count]) => count === gone).map(([engine]) => engine),
    async living(engines) {
      const isKnown = (engine: string) => counts.has(engine)
      if (!engines.every(isKnown)) {
        // A look that is under way may have been taken before they came.
        await beating
        await beat()
      }
      // An engine joins before it writes. So one that wrote and is unknown was forgotten, and this came too late.
      for (const engine of engines) if (!isKnown(engine)) events.lost(engine)
      return new Set(engines.filter((engine) => isKnown(engine) && counts.get(engine) !== gone))
    },
    async forget(engine) {
      await mark(engine, counts.get(engine) ?? "", "")
      counts.delete(engine)
    },
    async stop() {
      const before = state
      state = "stopped"
      if (timer) clock.stopTimer(timer)
      await beating?.catch(() => undefined)
      return before === "known" ? own : undefined
    },
  }
}
