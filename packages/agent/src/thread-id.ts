/**
 * The LangGraph thread of an agent in a conversation.
 *
 * The agent that the conversation was made with has the conversation's id, also when another one has become its own; any
 * other agent that is addressed in it has a thread of its own, `<conversation> <agent>`. Ids hold no white space, so the
 * space divides for sure.
 */
export function threadOf(conversation: string, agent: string, firstAgent: string | undefined): string {
  return agent === firstAgent ? conversation : `${conversation} ${agent}`
}

/** @returns the conversation whose fence guards the thread's checkpoints. */
export function conversationOfThread(thread: string): string {
  const space = thread.indexOf(" ")
  return space < 0 ? thread : thread.slice(0, space)
}
