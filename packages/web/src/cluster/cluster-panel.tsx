/**
 * The cluster of `everthread dev`: its nodes, with buttons that kill and pause them, and which run is on which. It stands
 * beside the chat, so that one sees in one page what becomes of an answer whose node is killed.
 */
import { systemClock } from "@everthread/protocol"
import { useEffect, useState } from "react"
import { useConnection } from "../hooks/use-connection.ts"
import { useStore } from "../hooks/use-store.ts"
import { useLanguage } from "../hooks/use-texts.ts"
import { browserKeep } from "../platform/keep.ts"
import { IconButton } from "../ui/button.tsx"
import { useWorkspace } from "../ui/workspace.ts"
import { isUnderWay, silentNodes } from "./cluster.ts"
import { ClusterFeed, type ClusterView } from "./cluster-feed.ts"
import { type ClusterTexts, clusterTexts } from "./cluster-texts.ts"
import { NodeCard } from "./node-card.tsx"
import { RunRow } from "./run-row.tsx"

const keptAs = "cluster"
/** Where the panel is a column of its own: Tailwind's `lg`. */
const wide = "(min-width: 64rem)"

export default function ClusterPanel({ token }: { readonly token: string }) {
  const texts = clusterTexts[useLanguage()]
  const [feed] = useState(() => feedOf(token))
  useEffect(() => feed.run(), [feed])
  const view = useStore(feed)
  useSilentNodes(view)
  const [isOpen, setOpen] = useState(
    () => (browserKeep.get(keptAs) ?? (matchMedia(wide).matches ? "open" : "")) === "open",
  )
  const toggle = () => {
    browserKeep.set(keptAs, isOpen ? "closed" : "open")
    setOpen(!isOpen)
  }
  return (
    <aside
      aria-label={texts.title}
      className={`flex shrink-0 flex-col border-t border-line bg-panel lg:border-t-0 lg:border-l ${isOpen ? "max-h-[50dvh] lg:max-h-none lg:w-88" : "lg:w-12"}`}
    >
      <Head view={view} texts={texts} isOpen={isOpen} toggle={toggle} />
      {isOpen && <Body view={view} texts={texts} feed={feed} />}
    </aside>
  )
}

/** Tells the chat, which says the same of a run whose node does nothing. */
function useSilentNodes({ cluster }: ClusterView): void {
  const { silentNodes: told } = useWorkspace()
  const silent = silentNodes(cluster?.nodes ?? []).join(" ")
  useEffect(() => told.set(silent === "" ? [] : silent.split(" ")), [told, silent])
}

function feedOf(token: string): ClusterFeed {
  return new ClusterFeed({
    origin: location.origin,
    token,
    clock: systemClock,
    fetch: (...request) => fetch(...request),
  })
}

interface HeadProps {
  readonly view: ClusterView
  readonly texts: ClusterTexts
  readonly isOpen: boolean
  toggle(): void
}

function Head({ view: { cluster, isLost }, texts, isOpen, toggle }: HeadProps) {
  const live = cluster?.nodes.filter(({ state }) => state === "live").length ?? 0
  const about = isLost ? texts.lost : cluster ? texts.live(live, cluster.nodes.length) : texts.asking
  return (
    <header className={`flex items-center gap-2 p-2 pl-4 ${isOpen ? "" : "lg:px-1"}`}>
      <h2 className={`text-base font-semibold ${isOpen ? "" : "lg:sr-only"}`}>{texts.title}</h2>
      <p
        role="status"
        className={`min-w-0 flex-1 text-sm ${isLost ? "text-danger" : "text-faint"} ${isOpen ? "" : "lg:sr-only"}`}
      >
        {about}
      </p>
      <IconButton
        icon="chevron"
        label={isOpen ? texts.hide : texts.show}
        aria-expanded={isOpen}
        onClick={toggle}
        iconClassName={`size-5 ${isOpen ? "rotate-90 lg:rotate-0" : "-rotate-90 lg:rotate-180"}`}
      />
    </header>
  )
}

interface BodyProps {
  readonly view: ClusterView
  readonly texts: ClusterTexts
  readonly feed: ClusterFeed
}

function Body({ view: { cluster }, texts, feed }: BodyProps) {
  const connection = useConnection(useWorkspace().client)
  const here = connection.name === "open" ? connection.welcome.node : undefined
  if (!cluster) return null
  const runs = [...cluster.runs].sort((one, other) => Number(isUnderWay(other)) - Number(isUnderWay(one)))
  return (
    <div className="min-h-0 flex-1 space-y-4 overflow-y-auto px-3 pb-4">
      <ul aria-label={texts.nodes} className="space-y-2">
        {cluster.nodes.map((node) => (
          <NodeCard
            key={node.id}
            node={node}
            runs={cluster.runs}
            isHere={node.id === here && node.state !== "down"}
            texts={texts}
            act={(action) => void feed.act(node.id, action)}
          />
        ))}
      </ul>
      <section aria-labelledby="cluster-runs">
        <h3 id="cluster-runs" className="px-1 pb-1 text-sm font-semibold">
          {texts.runs}
        </h3>
        {runs.length === 0 && <p className="px-1 text-sm text-faint">{texts.noRuns}</p>}
        <ul className="space-y-2">
          {runs.map((run) => (
            <RunRow key={run.run} run={run} nodes={cluster.nodes} texts={texts} />
          ))}
        </ul>
      </section>
    </div>
  )
}
