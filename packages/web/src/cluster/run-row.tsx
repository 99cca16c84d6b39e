/** A run: what was asked, where, who works on it, and the way that it has come. */
import { fragmentOf } from "../model/place.ts"
import { type ClusterNode, type ClusterRun, lineOf, type RunLine } from "./cluster.ts"
import { type ClusterTexts, lineText } from "./cluster-texts.ts"

interface RunRowProps {
  readonly run: ClusterRun
  readonly nodes: readonly ClusterNode[]
  readonly texts: ClusterTexts
}

const colours: Readonly<Record<RunLine["kind"], string>> = {
  queued: "text-faint",
  waiting: "text-faint",
  working: "text-ok",
  recovering: "text-accent",
  orphaned: "text-danger",
  ended: "text-faint",
}

export function RunRow({ run, nodes, texts }: RunRowProps) {
  const line = lineOf(run, nodes)
  return (
    <li className="rounded-xl border border-line bg-raised p-3 text-sm">
      <p className="truncate">
        {texts.asked(run.asked)}{" "}
        <a className="text-accent underline" href={fragmentOf(run.conversation)}>
          {texts.inConversation(run.title ?? texts.untitled)}
        </a>
      </p>
      <p role="status" className={`font-medium ${colours[line.kind]}`}>
        {lineText(line, run, texts)}
        {"attempt" in line && ` · ${texts.attempt(line.attempt)}`}
      </p>
      {run.nodes.length > 1 && <p className="text-faint">{texts.way(run.nodes)}</p>}
    </li>
  )
}
