/** One conversation: what was said, what is going on, and where one writes. */
import type { Conversation, ConversationView } from "@everthread/client"
import { useMemo, useState } from "react"
import { useNewFrom } from "../hooks/use-new-from.ts"
import { useStore } from "../hooks/use-store.ts"
import { useWorkspace } from "../ui/workspace.ts"
import { type About, ChatContext } from "./chat-context.ts"
import { ChatHeader, isShut } from "./chat-header.tsx"
import { Closed } from "./closed.tsx"
import { Composer } from "./composer.tsx"
import { Log } from "./log.tsx"
import { RunBar } from "./run-bar.tsx"
import { TypingLine } from "./typing-line.tsx"
import { useAnew } from "./use-anew.tsx"

/** Whoever shows another conversation gives another key. */
export function Chat({ id }: { readonly id: string }) {
  const { client, account } = useWorkspace()
  const conversation = useMemo(() => client.conversation(id), [client, id])
  const view = useStore(conversation)
  const [about, writeAbout] = useState<About>()
  const { answerAnew, warning } = useAnew(conversation)
  const tools = useMemo(() => ({ conversation, writeAbout, answerAnew }), [conversation, answerAnew])
  const newFrom = useNewFrom(view, account.user)
  const isClosed = isShut(view)
  return (
    <ChatContext value={tools}>
      <ChatHeader view={view} />
      {isClosed ? <Closed view={view} /> : <Log view={view} newFrom={newFrom} />}
      {!isClosed && <Below conversation={conversation} view={view} about={about} />}
      {warning}
    </ChatContext>
  )
}

interface BelowProps {
  readonly conversation: Conversation
  readonly view: ConversationView
  readonly about: About | undefined
}

function Below({ conversation, view, about }: BelowProps) {
  return (
    <div className="mx-auto w-full max-w-3xl shrink-0 px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
      <TypingLine typing={view.typing} />
      <RunBar view={view} />
      <Composer key={aboutKey(about)} conversation={conversation} view={view} about={about} />
    </div>
  )
}

/** A field of its own for each message that is edited: what was begun before is there again afterwards. */
function aboutKey(about: About | undefined): string {
  return about?.kind === "edit" ? about.message.id : "new"
}
