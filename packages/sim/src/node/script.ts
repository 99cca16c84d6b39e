/**
 * What the agent of a simulation does with a message: supersteps, one of them a graph inside the graph, and, where the
 * message has a question mark, a question in between. What it says in the end can be foretold, however often it was begun.
 */

export type ScriptStep =
  | { readonly kind: "say"; readonly node: string; readonly text: string }
  /** A subgraph: its nodes one after the other, each with a checkpoint behind it. */
  | { readonly kind: "inside"; readonly node: string; readonly texts: readonly string[] }
  /** Says something, asks, and says what it was told. */
  | { readonly kind: "ask"; readonly node: string; readonly question: string }

/** What every device answers to every question. */
export const theAnswer = "yes"

export function scriptFor(text: string): readonly ScriptStep[] {
  const asks: readonly ScriptStep[] = text.includes("?") ? [{ kind: "ask", node: "ask", question: "Shall I?" }] : []
  return [
    { kind: "say", node: "greet", text: `You said: ${text}` },
    { kind: "inside", node: "count", texts: ["One two three", "four five six"] },
    ...asks,
    { kind: "say", node: "end", text: "And that is all." },
  ]
}

/** What is to be read in the end, message by message. */
export function answerTo(text: string): readonly string[] {
  return scriptFor(text).flatMap((step) => {
    if (step.kind === "say") return [step.text]
    return step.kind === "inside" ? step.texts : [toldText(theAnswer)]
  })
}

export const toldText = (answer: unknown): string => `I was told: ${String(answer)}`

/** The path into the task that a node is at, where it began at a checkpoint of this id. */
export const pathInto = (node: string, root: string): string => `${node}:${root}`
