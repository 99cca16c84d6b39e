/** What a thread is given to do, and what it says of it. */
export type Job =
  | { readonly kind: "seed"; readonly seed: number }
  /** By its place in the list. */
  | { readonly kind: "mutant"; readonly mutant: number }

export interface Done {
  /** In words; for a mutant: what has found it. */
  readonly findings: readonly string[]
  /** How much happened. */
  readonly happened: number
  /** The seed that found a mutant. */
  readonly seed?: number
}
