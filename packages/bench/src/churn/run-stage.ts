/** Whoever answers people with a LangGraph.js graph: where a run goes on while devices leave and come back, and nodes die. */
import type { ChurnNode } from "./contestant.ts"
import type { Way } from "./way.ts"

export interface RunContestant {
  readonly name: string
  /** Versions and settings, for the report. */
  readonly about: string
  /** @returns where it cannot be had here a sentence that says that it is left out, and why. */
  open(): Promise<RunStage | { readonly missing: string }>
}

export interface RunStage {
  readonly nodes: readonly ChurnNode[]
  /** Two devices on one new thread; the first one will ask. */
  begin(thread: string, ways: readonly [Way, Way]): Promise<RunThread>
  stop(): Promise<void>
}

export interface RunThread {
  readonly devices: readonly [RunDevice, RunDevice]
  /** The first device asks, and both follow the answer. */
  ask(): Promise<void>
  /** The node that the run is on, once it is known. */
  readonly speaking: ChurnNode | undefined
  /** Whether the thread takes another question once the run is over. @returns when it does, or false when it refuses. */
  takesAnother(): Promise<boolean>
  close(): void
}

export interface RunDevice {
  /** The words of the answer, as a person sees them. */
  readonly words: readonly string[]
  /** Whether the device takes the run for over. */
  readonly isOver: boolean
  /** What it shows once it has been loaded anew. */
  reloaded(): Promise<readonly string[]>
}

/** What the graph of the bench says (nodes/counting-graph.mjs). */
export const answerWords: readonly string[] = Array.from({ length: 60 }, (_, index) => `${index + 1}`)
const perMessage = 10

/** The same, message by message. */
export const answerMessages: readonly string[] = Array.from({ length: answerWords.length / perMessage }, (_, index) =>
  answerWords
    .slice(index * perMessage, (index + 1) * perMessage)
    .map((word) => `${word} `)
    .join(""),
)

export const wordsOf = (texts: readonly string[]): readonly string[] => texts.join(" ").split(/\s+/).filter(Boolean)
