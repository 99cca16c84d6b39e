/**
 * What an answer has done in the world, as far as one can tell: the tools that a person was asked about and that have run.
 * Of those that nobody was asked about nothing is said, or every calculation would come with a warning.
 */
import type { ConversationState } from "@everthread/protocol"
import { questionOf } from "./question.ts"

/** @returns the names of the tools, each once. */
export function doneActions(
  { messages, interrupts }: Pick<ConversationState, "messages" | "interrupts">,
  run: string,
): readonly string[] {
  const answered = interrupts.filter((interrupt) => interrupt.run === run && interrupt.answer !== undefined)
  const asked = new Set(answered.flatMap(({ value }) => questionOf(value).actions.map(({ name }) => name)))
  const blocks = messages.filter((message) => message.run === run).flatMap((message) => message.blocks)
  const done = blocks.flatMap(({ tool }) => (tool?.status === "finished" && asked.has(tool.name) ? [tool.name] : []))
  return [...new Set(done)]
}
