/** A node: how it is, who is on it, and what may be done to it. */
import { Button } from "../ui/button.tsx"
import { type ClusterNode, type ClusterRun, type NodeAction, runsOn } from "./cluster.ts"
import { type ClusterTexts, stateText } from "./cluster-texts.ts"

interface NodeCardProps {
  readonly node: ClusterNode
  readonly runs: readonly ClusterRun[]
  /** This very page is connected to it. */
  readonly isHere: boolean
  readonly texts: ClusterTexts
  act(action: NodeAction): void
}

const colours: Readonly<Record<ClusterNode["state"], string>> = {
  live: "text-ok",
  starting: "text-warn",
  stopping: "text-warn",
  paused: "text-warn",
  down: "text-danger",
}

export function NodeCard({ node, runs, isHere, texts, act }: NodeCardProps) {
  const { id, state, port, pid, connections } = node
  const facts = [port !== undefined && texts.port(port), pid !== undefined && texts.pid(pid)].filter(Boolean)
  return (
    <li aria-label={id} className="space-y-1 rounded-xl border border-line bg-raised p-3 text-sm">
      <p className="flex items-center gap-2">
        <span className="font-semibold">{id}</span>
        <span className={`flex items-center gap-1.5 font-medium ${colours[state]}`}>
          <span aria-hidden="true" className="size-2 rounded-full bg-current" />
          {stateText(node, texts)}
        </span>
        <span className="ml-auto text-xs text-faint">{facts.join(" · ")}</span>
      </p>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-faint">
          {texts.connections(connections)} · {texts.runsOn(runsOn(node, runs))}
        </p>
        <Actions node={node} texts={texts} act={act} />
      </div>
      {isHere && <p className="text-xs font-medium text-accent">{texts.here}</p>}
    </li>
  )
}

function Actions({ node: { id, state }, texts, act }: Pick<NodeCardProps, "node" | "texts" | "act">) {
  const canKill = state === "live" || state === "paused"
  return (
    <p className="flex gap-2">
      {canKill && (
        <Button look="danger" aria-label={texts.killNode(id)} title={texts.killNode(id)} onClick={() => act("kill")}>
          {texts.kill}
        </Button>
      )}
      {state === "live" && (
        <Button aria-label={texts.pauseNode(id)} title={texts.pauseNode(id)} onClick={() => act("pause")}>
          {texts.pause}
        </Button>
      )}
      {state === "paused" && (
        <Button aria-label={texts.goOnNode(id)} title={texts.goOnNode(id)} onClick={() => act("continue")}>
          {texts.goOn}
        </Button>
      )}
      {state === "down" && (
        <Button aria-label={texts.startNode(id)} title={texts.startNode(id)} onClick={() => act("start")}>
          {texts.start}
        </Button>
      )}
    </p>
  )
}
