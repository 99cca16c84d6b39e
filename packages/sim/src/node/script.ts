/**
 * What the agent of a simulation does with a message: supersteps, one of them a graph inside the graph; where the message
 * has a question mark, a question in between, and where it has an exclamation mark, something that has consequences. What
 * it is told while it is at work it repeats in the end. What it says can be foretold, however often it was begun.
 */

export type ScriptStep =
  | { readonly kind: "say"; readonly node: string; readonly text: string }
  /** A subgraph: its nodes one after the other, each with a checkpoint behind it. */
  | { readonly kind: "inside"; readonly node: string; readonly texts: readonly string[] }
  /** Says something, asks, and says what it was told. */
  | { readonly kind: "ask"; readonly node: string; readonly question: string }
  /** Does something in the world that must not be done twice, and says so. */
  | { readonly kind: "pay"; readonly node: string; readonly text: string }

/** What ends a message that is meant for whoever is at work. */
export const steeringMark = "+"

/** What every device answers to every question. */
export const theAnswer = "yes"

/** Of a thread: what it was asked, and line by line what it was told meanwhile. What is told never moves what comes before. */
export function scriptFor(thread: string): readonly ScriptStep[] {
  const [text = "", ...told] = thread.split("\n")
  const pays: readonly ScriptStep[] = text.includes("!") ? [{ kind: "pay", node: "pay", text: "That is paid." }] : []
  const asks: readonly ScriptStep[] = text.includes("?") ? [{ kind: "ask", node: "ask", question: "Shall I?" }] : []
  return [
    { kind: "say", node: "greet", text: `You said: ${text}` },
    { kind: "inside", node: "count", texts: ["One two three", "four five six"] },
    ...pays,
    ...asks,
    { kind: "say", node: "end", text: "And that is all." },
    ...told.map((one): ScriptStep => ({ kind: "say", node: "also", text: `You also said: ${one}` })),
  ]
}

/** What is to be read in the end, message by message. @param told what it took in while it was at work. */
export function answerTo(text: string, told: readonly string[] = []): readonly string[] {
  return scriptFor([text, ...told].join("\n")).flatMap((step) => {
    if (step.kind === "say" || step.kind === "pay") return [step.text]
    return step.kind === "inside" ? step.texts : [toldText(theAnswer)]
  })
}

export const toldText = (answer: unknown): string => `I was told: ${String(answer)}`

/** The path into the task that a node is at, where it began at a checkpoint of this id. */
export const pathInto = (node: string, root: string): string => `${node}:${root}`
