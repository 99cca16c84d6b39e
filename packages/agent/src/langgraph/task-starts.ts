/**
 * Tells when a task begins to run, by the callback that LangChain makes right then: the graph's own stream names tasks
 * also where a stored result stands for them.
 */
import { BaseCallbackHandler } from "@langchain/core/callbacks/base"

export class TaskStarts extends BaseCallbackHandler {
  override readonly name = "everthread-task-starts"
  /** Called before the task can say anything, and not some time after. */
  override awaitHandlers = true
  readonly #begins: (path: readonly string[]) => void

  /** @param begins is told the path of `node:task` pairs from the root graph to the task. */
  constructor(begins: (path: readonly string[]) => void) {
    super()
    this.#begins = begins
  }

  override handleChainStart(...args: Parameters<NonNullable<BaseCallbackHandler["handleChainStart"]>>): void {
    const [, , , , , metadata, , name] = args
    const path = metadata?.["langgraph_checkpoint_ns"]
    if (typeof path === "string" && metadata?.["langgraph_node"] === name) this.#begins(path.split("|"))
  }
}
