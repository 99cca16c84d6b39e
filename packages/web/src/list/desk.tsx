/** The two halves of the app: which conversations there are, and the one that is open. On a phone, one at a time. */
import { Suspense, useEffect, useState } from "react"
import { Chat } from "../chat/chat.tsx"
import { usePlace } from "../hooks/use-place.ts"
import { useTexts } from "../hooks/use-texts.ts"
import { useWide } from "../hooks/use-wide.ts"
import { ClusterPanel, lazyParts, loadParts } from "../ui/lazy-parts.ts"
import { useWorkspace } from "../ui/workspace.ts"
import { ListPanel } from "./list-panel.tsx"

export function Desk() {
  const place = usePlace()
  const isWide = useWide()
  const [dialog, setDialog] = useState<"new" | "palette">()
  const { list, server } = useWorkspace()
  useEffect(loadParts, [])
  useEffect(() => {
    if (place !== undefined) list.follow(place)
  }, [list, place])
  useEffect(() => onPaletteKey(() => setDialog("palette")), [])
  const close = () => setDialog(undefined)
  const { NewConversation, Palette } = lazyParts
  return (
    <div className="flex h-full min-w-0 flex-col overflow-hidden lg:flex-row">
      <div className="flex min-h-0 min-w-0 flex-1">
        <div
          // Where it is all that shows, it is what the page is about.
          role={place === undefined && !isWide ? "main" : undefined}
          className={`${place === undefined ? "flex" : "hidden md:flex"} w-full shrink-0 flex-col md:w-76`}
        >
          <ListPanel place={place} make={() => setDialog("new")} search={() => setDialog("palette")} />
        </div>
        <main className={`${place === undefined ? "hidden md:flex" : "flex"} min-w-0 flex-1 flex-col`}>
          {place === undefined ? <NothingOpen /> : <Chat key={place} id={place} />}
        </main>
      </div>
      {server.dev !== undefined && (
        <Suspense>
          <ClusterPanel token={server.dev} />
        </Suspense>
      )}
      <Suspense>
        {dialog === "new" && <NewConversation close={close} />}
        {dialog === "palette" && <Palette close={close} />}
      </Suspense>
    </div>
  )
}

function NothingOpen() {
  const { list } = useTexts()
  return (
    <p className="m-auto p-6 text-center text-faint">
      {list.choose} <kbd className="rounded border border-line bg-panel px-1.5 py-0.5 font-mono text-xs">Ctrl K</kbd>
    </p>
  )
}

function onPaletteKey(open: () => void): () => void {
  const press = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
    event.preventDefault()
    open()
  }
  addEventListener("keydown", press)
  return () => removeEventListener("keydown", press)
}
