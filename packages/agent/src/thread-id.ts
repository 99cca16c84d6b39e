/**
 * The LangGraph thread of an agent in a conversation.
 *
 * The conversation's own agent has the conversation's id; any other agent that is addressed in it has
 * a thread of its own, `<conversation> <agent>`. Ids hold no white space, so the space divides for sure.
 */
export function threadOf(conversation: string, agent: string, ownAgent: string | undefined): string {
  return agent === ownAgent ? conversation : `${conversation} ${agent}`
}

/** @returns the conversation whose fence guards the thread's checkpoints. */
export function conversationOfThread(thread: string): string {
  const space = thread.indexOf(" ")
  return space < 0 ? thread : thread.slice(0, space)
}
