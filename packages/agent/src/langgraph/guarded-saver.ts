/**
 * The saver of one attempt: the store's saver with guards around its writes.
 *
 * - A write is stored together with everything that was said before it, or after that. So a checkpoint that counts a
 *   task as done proves that the task's words are stored, and a takeover loses none of them.
 * - A root checkpoint carries the run that wrote it, so a takeover knows whether the thread has the run's input already;
 *   and the log has an entry that names it, written in the checkpoint's own step. (SPEC RUN8)
 * - An attempt that was given up writes nothing more, whatever its nodes still do. (SPEC RUN2)
 * - While the store is away or takes no writes the graph waits: it did nothing wrong, and would fail. (SPEC STO3)
 */
import type { BaseCheckpointSaver } from "@langchain/langgraph"
import type { AttemptRequest } from "../graph.ts"
import { checkpointEntry } from "./checkpoint-entry.ts"
import { HotTuples } from "./hot-tuples.ts"
import { isLogSaver, type LogSaver } from "./log-saver.ts"
import { overlaid } from "./overlaid.ts"
import { readable } from "./readable.ts"
import { StepWrites } from "./step-writes.ts"

type Put = BaseCheckpointSaver["put"]
type PutWrites = (...args: Parameters<BaseCheckpointSaver["putWrites"]>) => Promise<void>

/** How a saver writes: beside the log, or by itself. */
interface Writing {
  readonly put: Put
  readonly putWrites: PutWrites
}

/** In a checkpoint's metadata: the run that wrote it. */
export const runMetadataKey = "everthread_run"

type Request = Pick<AttemptRequest, "run" | "heard" | "append" | "patiently" | "now">

export function guardedSaver(saver: BaseCheckpointSaver, request: Request): BaseCheckpointSaver {
  const hot = new HotTuples((config) => request.patiently(() => readable(() => saver.getTuple(config))))
  const writing = isLogSaver(saver) ? besideTheLog(saver, request) : byItself(saver, request)
  const put: Put = async (config, checkpoint, metadata, newVersions) => {
    const marked = { ...metadata, [runMetadataKey]: request.run } as typeof metadata
    const stored = await writing.put(config, checkpoint, marked, newVersions)
    hot.put(config, stored, checkpoint, marked)
    return stored
  }
  const putWrites: PutWrites = async (...args) => {
    // Newer versions of LangGraph give a fourth argument; whatever there is goes on as it came.
    await writing.putWrites(...args)
    const [config, writes, task] = args
    hot.putWrites(config, writes, task)
  }
  return overlaid(saver, { put, putWrites, getTuple: (config) => hot.getTuple(config) })
}

/**
 * The input's checkpoint is only a step on the way to the next, before which nothing of the graph's author runs: it is
 * held back, and goes with that one.
 */
function besideTheLog(saver: LogSaver, request: Request): Writing {
  const steps = new StepWrites(saver, request)
  return {
    put(config, checkpoint, metadata, newVersions) {
      const entry = checkpointEntry(request, config, checkpoint, metadata)
      const take = async (write: unknown) => {
        if (metadata.source === "input") steps.hold(write, entry)
        else await steps.add(write, entry)
      }
      return saver.handing(take).put(config, checkpoint, metadata, newVersions)
    },
    putWrites: (...args) => saver.handing((write) => steps.add(write)).putWrites(...args),
  }
}

function byItself(saver: BaseCheckpointSaver, request: Request): Writing {
  const afterWords = <T>(write: () => Promise<T>): Promise<T> =>
    request.patiently(async () => {
      await request.heard()
      await request.append([])
      return write()
    })
  return {
    async put(config, checkpoint, metadata, newVersions) {
      const stored = await afterWords(() => saver.put(config, checkpoint, metadata, newVersions))
      const entry = checkpointEntry(request, config, checkpoint, metadata)
      if (entry) await request.append([entry])
      return stored
    },
    putWrites: (...args) => afterWords(() => saver.putWrites(...args)),
  }
}
