/** A saver some of whose methods are others: whoever put it together keeps the rest, whatever it has. */
import type { BaseCheckpointSaver } from "@langchain/langgraph"

type Methods = Partial<Pick<BaseCheckpointSaver, "put" | "putWrites" | "getTuple">>

export function overlaid(saver: BaseCheckpointSaver, methods: Methods): BaseCheckpointSaver {
  return new Proxy(saver, {
    get(target, key) {
      if (Object.hasOwn(methods, key)) return methods[key as keyof Methods]
      const value: unknown = Reflect.get(target, key, target)
      // Bound, because a saver's private fields are not reachable through a proxy.
      return typeof value === "function" ? value.bind(target) : value
    },
  })
}
