/** Mistakes about who may write a run's output, and when somebody else goes on. */
import type { AppendRequest, EventLog, Fence } from "@everthread/engine"
import type { SimEngine } from "../engine/sim-engine.ts"
import { storeOps } from "../store/sim-store.ts"
import type { State } from "../store/state.ts"
import { withLog } from "./around.ts"
import type { Mutant } from "./mutant.ts"

/** The store takes whoever writes for the owner. */
function believed(state: State, { conversation, fence }: AppendRequest): void {
  const held = state.conversations.get(conversation)
  if (held && fence) held.owner = { node: held.owner?.node ?? "", run: held.owner?.run ?? "", fence }
}

const withoutAfter = ({ after: _, ...request }: AppendRequest): AppendRequest => request
const withoutCount = ({ n: _, ...request }: AppendRequest): AppendRequest => request

const unfenced: Pick<typeof storeOps, "append" | "appendWith"> = {
  append(state, request) {
    if (!request.fence) return storeOps.append(state, request)
    believed(state, request)
    return storeOps.append(state, withoutCount(request))
  },
  appendWith(state, request, write) {
    believed(state, request)
    return storeOps.appendWith(state, withoutCount(request), write)
  },
}

async function isOwner({ leases }: SimEngine, conversation: string, fence: Fence): Promise<boolean> {
  const open = await leases.openRuns()
  return open.some(({ conversation: of, owner }) => of === conversation && owner?.fence.nonce === fence.nonce)
}

export const owners: readonly Mutant[] = [
  {
    name: "no fence",
    breaks: ["RUN2"],
    seedsMax: 100,
    mutation: () => ({ storeOps: unfenced }),
  },
  {
    name: "a fence that is looked at before the append, and not in it",
    breaks: ["RUN2", "LOG3"],
    seedsMax: 100,
    mutation: () => ({
      storeOps: unfenced,
      engine: (engine) => {
        const looksFirst =
          <Rest extends readonly unknown[]>(
            append: (request: AppendRequest, ...rest: Rest) => ReturnType<EventLog["append"]>,
          ) =>
          async (request: AppendRequest, ...rest: Rest) => {
            if (request.fence && !(await isOwner(engine, request.conversation, request.fence)))
              return { status: "fenced" } as const
            return append(request, ...rest)
          }
        const { append, appendWith } = engine.log
        return withLog(engine, { append: looksFirst(append), appendWith: looksFirst(appendWith) })
      },
    }),
  },
  {
    name: "an owner's appends are not counted",
    breaks: ["RUN2"],
    seedsMax: 200,
    mutation: () => ({
      engine: (engine) => withLog(engine, { append: (request) => engine.log.append(withoutCount(request)) }),
    }),
  },
  {
    name: "a run begins wherever the log has come to since its turn was decided",
    breaks: ["RUN7", "QUE4"],
    seedsMax: 100,
    mutation: () => ({
      engine: (engine) =>
        withLog(engine, {
          append: (request) => engine.log.append(request.fence ? withoutAfter(request) : request),
        }),
    }),
  },
  {
    name: "a lease without an end",
    breaks: ["RUN3"],
    seedsMax: 200,
    mutation: () => ({
      engine: (engine) => {
        let beats = 1
        const alive = async (nodes: readonly string[]) => new Map(nodes.map((node) => [node, beats++]))
        return { ...engine, leases: { ...engine.leases, beats: alive } }
      },
    }),
  },
  {
    name: "a claim takes the run off the list",
    breaks: ["RUN3"],
    seedsMax: 100,
    mutation: () => ({
      storeOps: {
        claim(state, request) {
          const fence = storeOps.claim(state, request)
          if (fence) state.conversations.get(request.conversation)?.openRuns.delete(request.run)
          return fence
        },
      },
    }),
  },
  {
    name: "no rewind",
    breaks: ["RUN3"],
    seedsMax: 100,
    mutation: () => ({
      engine: (engine) =>
        withLog(engine, {
          append: ({ bodies, ...request }) =>
            engine.log.append({
              ...request,
              bodies: bodies.map((body) => body.replace(/("type":"rewind".*"messages":)\[.*\]/, "$1[]")),
            }),
        }),
    }),
  },
  {
    name: "a checkpoint before the entry that names it",
    breaks: ["RUN8"],
    seedsMax: 400,
    mutation: () => ({
      engine: (engine, host) =>
        withLog(engine, {
          async appendWith({ bodies, ...request }, write) {
            const kept = await engine.log.appendWith({ ...request, bodies: [] }, write)
            if (bodies.length === 0 || kept.status !== "duplicate") return kept
            await new Promise<void>((resolve) => void host.after(laterMs, resolve))
            return engine.log.append({ ...request, bodies })
          },
        }),
    }),
  },
]

const laterMs = 40
