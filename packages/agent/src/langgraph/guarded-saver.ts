/**
 * The saver of one attempt: the store's saver with guards around its writes.
 *
 * - A write waits until the log has everything that was said before it. So a checkpoint that counts a
 *   task as done proves that the task's words are stored, and a takeover loses none of them.
 * - A root checkpoint carries the run that wrote it, so a takeover knows whether the thread has the
 *   run's input already.
 * - An attempt that was given up writes nothing more, whatever its nodes still do. (SPEC RUN2)
 * - While the store is away or takes no writes the graph waits: it did nothing wrong, and would fail. (SPEC STO3)
 */
import type { BaseCheckpointSaver } from "@langchain/langgraph"
import type { AttemptRequest } from "../graph.ts"

type Put = BaseCheckpointSaver["put"]

/** In a checkpoint's metadata: the run that wrote it. */
export const runMetadataKey = "everthread_run"

export function guardedSaver(
  saver: BaseCheckpointSaver,
  request: Pick<AttemptRequest, "run" | "stored" | "patiently">,
): BaseCheckpointSaver {
  const put: Put = (config, checkpoint, metadata, newVersions) =>
    request.patiently(async () => {
      await request.stored()
      const marked = { ...metadata, [runMetadataKey]: request.run } as typeof metadata
      return saver.put(config, checkpoint, marked, newVersions)
    })
  const putWrites = (...args: Parameters<BaseCheckpointSaver["putWrites"]>) =>
    request.patiently(async () => {
      await request.stored()
      // Newer versions of LangGraph give a fourth argument; whatever there is goes on as it came.
      return saver.putWrites(...args)
    })
  const getTuple: BaseCheckpointSaver["getTuple"] = (config) => request.patiently(() => saver.getTuple(config))
  return new Proxy(saver, {
    get(target, key) {
      if (key === "put") return put
      if (key === "putWrites") return putWrites
      if (key === "getTuple") return getTuple
      const value: unknown = Reflect.get(target, key, target)
      // Bound, because a saver's private fields are not reachable through a proxy.
      return typeof value === "function" ? value.bind(target) : value
    },
  })
}
