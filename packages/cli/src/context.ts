/** What a command takes from the process it runs in, as a parameter, so that tests can run one in theirs. */
import type { Clock, Random } from "@everthread/protocol"
import type { Language } from "./language.ts"

export interface CliContext {
  readonly language: Language
  readonly env: Readonly<Record<string, string | undefined>>
  readonly folder: string
  readonly clock: Clock
  readonly random: Random
  /** What a command answers. */
  readonly out: (text: string) => void
  /** What it says beside: errors, notices, log lines. */
  readonly terminal: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown }
}
