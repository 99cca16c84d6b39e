/** What one device of a peer was told and did, noted by whoever holds the peer's own client. */
import type { Clock } from "@everthread/protocol"
import type { Sent } from "@everthread/sim"
import type { DeviceRecord, Gap, Person } from "./contestant.ts"

interface Writing {
  readonly text: string
  readonly writtenMs: number
  times: number
  ackedMs: number | undefined
  refused: string | undefined
}

export class DeviceLog {
  readonly shown: string[] = []
  readonly #person: Person
  readonly #clock: Clock
  readonly #writings = new Map<string, Writing>()
  readonly #gaps: Gap[] = []
  #heardMs = 0

  constructor(person: Person, clock: Clock) {
    this.#person = person
    this.#clock = clock
  }

  get unsettled(): number {
    return [...this.#writings.values()].filter(({ ackedMs, refused }) => ackedMs === undefined && refused === undefined)
      .length
  }

  /** The application was handed this, to be shown behind everything before it. */
  shows(text: string): void {
    this.#heardMs = this.#clock.monotonic()
    this.shown.push(text)
  }

  writes(text: string): void {
    const writtenMs = this.#clock.monotonic()
    this.#writings.set(text, { text, writtenMs, times: 0, ackedMs: undefined, refused: undefined })
  }

  acknowledged(text: string): void {
    const writing = this.#writings.get(text)
    if (writing) writing.ackedMs ??= this.#clock.monotonic()
  }

  /** For good: nobody sends it again. */
  refused(text: string, code: string): void {
    const writing = this.#writings.get(text)
    if (writing) writing.refused = code
  }

  /** It was told that what it missed cannot be given to it. */
  toldOfGap(): void {
    const toMs = this.#clock.monotonic()
    this.#gaps.push({ fromMs: this.#heardMs, toMs })
    this.#heardMs = toMs
  }

  record(): DeviceRecord {
    // An ack of a peer names no place. Where its message stands is where devices show it.
    const sent = [...this.#writings.values()].map(
      (writing): Sent => ({ ...writing, ack: writing.ackedMs === undefined ? undefined : { cursor: "", seq: 0 } }),
    )
    return { ...this.#person, shown: [...this.shown], sent, gaps: [...this.#gaps] }
  }
}
