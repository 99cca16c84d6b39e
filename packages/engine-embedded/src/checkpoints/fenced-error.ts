/** The refusal of a checkpoint write by who is no longer the owner of the conversation. (SPEC RUN2) */
export class FencedError extends Error {
  override readonly name = "FencedError"

  constructor(conversation: string) {
    super(`The run's owner in ${conversation} is another one by now; this one must write nothing more.`)
  }
}
