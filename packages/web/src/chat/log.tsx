/** The messages, from the oldest that is loaded to what is still on its way out. */
import type { ConversationView } from "@everthread/client"
import type { Seq } from "@everthread/protocol"
import { Suspense } from "react"
import { useOlder } from "../hooks/use-older.ts"
import { usePinnedScroll } from "../hooks/use-pinned-scroll.ts"
import { useReadMarker } from "../hooks/use-read-marker.ts"
import { useTexts } from "../hooks/use-texts.ts"
import { useTimeline } from "../hooks/use-timeline.ts"
import { demoAgent } from "../model/demo-agent.ts"
import { fragmentOf } from "../model/place.ts"
import { Button, IconButton } from "../ui/button.tsx"
import { lazyParts } from "../ui/lazy-parts.ts"
import { useWorkspace } from "../ui/workspace.ts"
import { Announcer } from "./announcer.tsx"
import { useChat } from "./chat-context.ts"
import { TimelinePiece } from "./timeline-piece.tsx"

interface LogProps {
  readonly view: ConversationView
  readonly newFrom: Seq | undefined
}

export function Log({ view, newFrom }: LogProps) {
  const { chat } = useTexts()
  const { account } = useWorkspace()
  const { conversation } = useChat()
  const { user } = account
  const { chunks, keys } = useTimeline(view, user, newFrom)
  const { scroller, content, isAtEnd, toEnd, scrolled } = usePinnedScroll(keys)
  useReadMarker(conversation, view, user, isAtEnd)
  return (
    <div className="relative min-h-0 flex-1">
      <section
        ref={scroller}
        onScroll={scrolled}
        aria-label={chat.log}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard.
        tabIndex={0}
        className="h-full overflow-x-hidden overflow-y-auto overscroll-contain [overflow-anchor:none] focus-visible:-outline-offset-2"
      >
        <div ref={content} className="mx-auto flex min-h-full max-w-3xl flex-col px-3 py-3 md:px-5">
          <div className="flex-1" />
          <Top view={view} />
          {chunks.map(({ key, items }) => (
            <TimelinePiece key={key} items={items} />
          ))}
        </div>
      </section>
      {!isAtEnd && (
        <IconButton
          icon="down"
          look="plain"
          label={chat.toNewest}
          className="absolute right-4 bottom-3 rounded-full shadow-lg"
          onClick={toEnd}
        />
      )}
      <Announcer messages={view.messages} user={user} />
    </div>
  )
}

/** Before the first message: more of them, or where it begins. */
function Top({ view }: { readonly view: ConversationView }) {
  const { chat } = useTexts()
  const { isLoading, load, sentinel } = useOlder(view)
  const { agent } = view.state
  if (view.cursor === undefined) return <p className="p-3 text-center text-sm text-faint">{chat.loading}</p>
  if (view.older) {
    return (
      <div ref={sentinel} className="flex justify-center pb-3">
        <Button look="quiet" disabled={isLoading} onClick={load}>
          {isLoading ? chat.loading : chat.older}
        </Button>
      </div>
    )
  }
  const isEmpty = view.messages.length === 0 && view.pending.length === 0
  const empty = agent === undefined ? chat.empty : chat.emptyAgent(agent)
  const { from } = view.state
  const { Suggestions } = lazyParts
  return (
    <>
      <p className="p-3 text-center text-sm text-faint">
        {isEmpty ? empty : chat.beginning}{" "}
        {from && (
          <a className="text-accent underline" href={fragmentOf(from.conversation)}>
            {chat.forkedFrom}
          </a>
        )}
      </p>
      <Suspense>{isEmpty && agent === demoAgent && <Suggestions />}</Suspense>
    </>
  )
}
