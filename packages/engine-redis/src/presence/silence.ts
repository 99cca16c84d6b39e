/**
 * Tells which counters stand still, by our own monotonic clock.
 *
 * No two machines share a clock here. And only silence that we were there to hear counts: whoever was stopped
 * himself, or out of touch with the store, has heard nobody meanwhile, and must not take that for their death. So
 * one look adds no more than `creditMsMax` to a silence, however long ago the look before it was.
 */
export class Silence {
  readonly #goneAfterMs: number
  readonly #creditMsMax: number
  #stillMs = new Map<string, { readonly count: string; readonly ms: number }>()
  #lookedAtMs = Number.NEGATIVE_INFINITY

  constructor(goneAfterMs: number, creditMsMax: number) {
    this.#goneAfterMs = goneAfterMs
    this.#creditMsMax = creditMsMax
  }

  /**
   * @param counts what everybody's counter says now.
   * @returns those that have been silent for too long.
   */
  look(counts: ReadonlyMap<string, string>, nowMs: number): string[] {
    const creditMs = Math.min(nowMs - this.#lookedAtMs, this.#creditMsMax)
    this.#lookedAtMs = nowMs
    const before = this.#stillMs
    this.#stillMs = new Map(
      [...counts].map(([name, count]) => {
        const seen = before.get(name)
        return [name, { count, ms: seen?.count === count ? seen.ms + creditMs : 0 }]
      }),
    )
    return [...this.#stillMs].filter(([, { ms }]) => ms >= this.#goneAfterMs).map(([name]) => name)
  }
}
