/**
 * The graph of a simulation: it stands where LangGraph stands, and keeps to the same rules.
 *
 * It speaks word by word, keeps a checkpoint after each superstep and after each node of its subgraph, goes on from the
 * newest one, and names its tasks after the checkpoint that they begin at, so that a task that begins anew at the same
 * place is known for the same, and at another place is not.
 */
import type { Graph } from "@everthread/agent"
import type { LoadedGraph } from "@everthread/agent/worker"
import type { CheckpointRecord } from "../store/state.ts"
import { pathInto, scriptFor } from "./script.ts"
import { Drained, Fenced, ScriptedRun, type Surroundings } from "./scripted-run.ts"

export const agentName = "narrator"

type ThreadPosition = Awaited<ReturnType<Graph["position"]>>

export function scriptedGraph(surroundings: Surroundings): LoadedGraph {
  const { engine } = surroundings
  const graph: Graph = {
    position: async ({ thread }) => positionOf(await engine.checkpoint(thread)),
    async start(request, input) {
      const newest = await request.patiently(() => engine.checkpoint(request.thread))
      return new ScriptedRun(surroundings, request, newest).begin(input)
    },
    hasOpenCalls: async () => false,
    values: async () => ({}),
    isDrained: (error) => error instanceof Drained,
    isFenced: (error) => error instanceof Fenced,
    describe: (error) => (error instanceof Error ? error.message : String(error)),
  }
  return { name: agentName, graph }
}

function positionOf(newest: CheckpointRecord | undefined): ThreadPosition {
  if (!newest) {
    return { run: undefined, given: [], isFinished: true, openTasks: new Set(), inside: new Map(), waiting: [] }
  }
  const { run, given, root, inner } = newest
  const step = scriptFor(newest.text)[newest.step]
  const openTasks = new Set(step ? [root] : [])
  const begun = { step: inner - 1, done: new Set<string>(), said: new Set<string>() }
  const inside = step && inner > 0 ? new Map([[pathInto(step.node, root), begun]]) : new Map<string, typeof begun>()
  const waiting = step?.kind === "ask" ? [{ id: root, used: undefined }] : []
  return { run, given, isFinished: step === undefined, openTasks, inside, waiting }
}
