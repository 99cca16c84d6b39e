/** The questions that wait for an answer, as LangGraph has them: with the tasks that asked. */
import { isOpen } from "../reduce/runs.ts"
import type { ConversationState, Json } from "../types.ts"

export interface Task {
  readonly id: string
  readonly name: string
  readonly error: null
  readonly interrupts: readonly { readonly id: string; readonly value: Json }[]
  readonly checkpoint: null
  readonly state: null
}

export function tasksOf({ runs, interrupts }: Pick<ConversationState, "runs" | "interrupts">): Task[] {
  return runs.filter(isOpen).flatMap(({ id, agent }) => {
    const asked = interrupts.filter(({ run, answer }) => run === id && !answer)
    if (asked.length === 0) return []
    const questions = asked.map((interrupt) => ({ id: interrupt.id, value: interrupt.value }))
    return [{ id, name: agent, error: null, interrupts: questions, checkpoint: null, state: null }]
  })
}
