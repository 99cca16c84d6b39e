/** The configuration is wrong: one sentence for each thing that is, and never a secret's value. */
import type { Words } from "./option.ts"

export class ConfigError extends Error {
  override readonly name = "ConfigError"
  /** In English; in the reader's language they are `words`. */
  readonly problems: readonly string[]
  readonly words: readonly Words[]

  constructor(words: readonly Words[]) {
    const problems = words.map(({ en }) => en)
    super(problems.join("\n"))
    this.problems = problems
    this.words = words
  }
}
