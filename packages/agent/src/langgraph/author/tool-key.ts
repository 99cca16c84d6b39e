/**
 * A key for what a tool is about to do: the same in every attempt of the same unfinished task, another one for every
 * other call. It is what to give to an API that takes idempotency keys.
 *
 * LangGraph names a task after the checkpoint that it starts from, so the name outlives the process; the model's name
 * of the tool call tells the calls of one task apart.
 */

/** The part of a node's or a tool's config that is looked at. */
export interface AuthorConfig {
  readonly configurable?: { readonly [key: string]: unknown } | undefined
  readonly toolCall?: { readonly id?: string | undefined } | undefined
  readonly toolCallId?: string | undefined
}

/**
 * @param name tells apart what one task or one tool call does; needed outside of tools.
 * @throws Error outside of a graph, where there is no task.
 */
export function toolKey(config: AuthorConfig, name?: string): string {
  const call = config.toolCall?.id || config.toolCallId || undefined
  if (call === undefined && name === undefined)
    throw new Error("Outside of a tool call a name is needed: toolKey(config, name), once(config, name, fn).")
  return [taskOf(config), call, name].filter((part) => part !== undefined).join(":")
}

/** A path `node:task|node:task`: the last task is ours. */
function taskOf({ configurable }: AuthorConfig): string {
  const path = configurable?.["checkpoint_ns"]
  if (typeof path === "string" && path.includes(":")) return path.slice(path.lastIndexOf(":") + 1)
  throw new Error("There is no task here: pass on the config that LangGraph gave to the node or the tool.")
}
