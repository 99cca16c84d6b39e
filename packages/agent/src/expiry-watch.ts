/**
 * Answers questions that nobody has answered in time, with their default. (SPEC ASK3, ASK4)
 *
 * A question's run stays in the index of open runs while it can expire, so whichever worker is left finds it. Every
 * worker may answer it: the compare-and-set of an answer lets one do it, and a person who was faster wins.
 *
 * A question is due when its time has come by the wall clock *and* the rest of it, as it was when this worker first saw
 * the question, has passed by the monotonic clock. So a clock that jumps ahead expires nothing that was known before;
 * one that was wrong already when the worker first saw the question is believed, because there is no other.
 *
 * Bounded: a conversation that was seen is not read again before one of its runs is opened anew, and one look answers
 * `answersPerLookMax` at most.
 */
import { freshNonce, type OpenRun, questionExpired, questionValueName, type RunAbout } from "@everthread/engine"
import type { ConversationState, EventBody } from "@everthread/protocol"
import type { AttemptParts } from "./attempt-parts.ts"
import { type ExpiringQuestion, expiringQuestions } from "./questions.ts"
import { nameOf } from "./run-queue.ts"

/** The others wait for the next look. */
const answersPerLookMax = 50

interface Sighting {
  readonly question: ExpiringQuestion
  /** Whose run it is, for whoever chooses among those that are open. */
  readonly about: RunAbout | undefined
  /** When its rest has passed, by our monotonic clock. */
  readonly restEndsMs: number
}

interface Watched {
  /** The openings that it was seen with: others are news. */
  readonly openings: string
  readonly sightings: ReadonlyMap<string, Sighting>
}

export class ExpiryWatch {
  readonly #parts: Pick<AttemptParts, "engine" | "clock" | "random" | "log">
  readonly #watched = new Map<string, Watched>()

  constructor(parts: Pick<AttemptParts, "engine" | "clock" | "random" | "log">) {
    this.#parts = parts
  }

  /** Takes note of a conversation in which nothing else is to be done. */
  see(conversation: string, openings: readonly OpenRun[], state: ConversationState): void {
    const questions = openings.flatMap(({ run }) => expiringQuestions(state, run))
    const before = this.#watched.get(conversation)?.sightings
    const sightings = new Map(
      questions.map((question) => [question.id, before?.get(question.id) ?? this.#sight(question, state)]),
    )
    if (sightings.size === 0) this.#watched.delete(conversation)
    else this.#watched.set(conversation, { openings: nameOf(openings), sightings })
  }

  /** Whether nothing can have happened there since it was seen. */
  isAsleep(conversation: string, openings: readonly OpenRun[]): boolean {
    return this.#watched.get(conversation)?.openings === nameOf(openings)
  }

  /** Whether the run waits for nothing but an answer, or for the question to expire. */
  isWaiting({ conversation, run }: Pick<OpenRun, "conversation" | "run">): boolean {
    const sightings = this.#watched.get(conversation)?.sightings.values() ?? []
    return [...sightings].some(({ question }) => question.run === run)
  }

  /** @param open the open runs of each conversation that has any: others are forgotten. @throws what went wrong last, when all were tried. */
  async answerDue(open: ReadonlyMap<string, readonly OpenRun[]>): Promise<void> {
    for (const conversation of this.#watched.keys()) if (!open.has(conversation)) this.#watched.delete(conversation)
    const failures: unknown[] = []
    for (const [conversation, sighting] of this.#due(open)) {
      await this.#answer(conversation, sighting).catch((error: unknown) => {
        failures.push(error)
        this.#putBack(conversation)
      })
    }
    if (failures.length > 0) throw failures.at(-1)
  }

  #sight(question: ExpiringQuestion, { runs }: ConversationState): Sighting {
    const { clock } = this.#parts
    const run = runs.find(({ id }) => id === question.run)
    const about = run && { agent: run.agent, user: run.by.user }
    return { question, about, restEndsMs: clock.monotonic() + Math.max(0, question.expiresAt - clock.now()) }
  }

  /** A run that is in the index no more has ended: what it had asked is over, too. */
  #due(open: ReadonlyMap<string, readonly OpenRun[]>): [conversation: string, sighting: Sighting][] {
    const { clock } = this.#parts
    const [wallMs, ownMs] = [clock.now(), clock.monotonic()]
    const due: [string, Sighting][] = []
    for (const [conversation, { sightings }] of this.#watched) {
      const runs = new Set(open.get(conversation)?.map(({ run }) => run))
      for (const sighting of sightings.values()) {
        if (!runs.has(sighting.question.run)) continue
        if (wallMs >= sighting.question.expiresAt && ownMs >= sighting.restEndsMs) due.push([conversation, sighting])
      }
      if (due.length >= answersPerLookMax) break
    }
    return due.slice(0, answersPerLookMax)
  }

  async #answer(conversation: string, { question, about }: Sighting): Promise<void> {
    const { engine, clock, random, log } = this.#parts
    const { id, run, default: byDefault } = question
    const value = byDefault ?? null
    const body: EventBody = { type: "input.responded", time: clock.now(), run, interrupt: id, value, expired: true }
    const { status } = await engine.log.append({
      conversation,
      nonce: freshNonce(random),
      bodies: [JSON.stringify(body)],
      expect: { name: questionValueName(id), is: null, becomes: questionExpired },
      runs: [{ run, state: "open", ...(about && { about }) }],
    })
    // Whoever was faster has opened the run: the conversation is read again by itself.
    this.#forget(conversation, id)
    if (status === "appended")
      log({ level: "info", text: "a question expired: nobody answered in time", conversation, run })
  }

  /** Behind all others, which shall not wait for a part of the store that is away. */
  #putBack(conversation: string): void {
    const watched = this.#watched.get(conversation)
    this.#watched.delete(conversation)
    if (watched) this.#watched.set(conversation, watched)
  }

  #forget(conversation: string, id: string): void {
    const watched = this.#watched.get(conversation)
    if (!watched) return
    const sightings = new Map([...watched.sightings].filter(([held]) => held !== id))
    this.#watched.set(conversation, { ...watched, sightings })
  }
}
