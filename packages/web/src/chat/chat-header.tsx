/** What the conversation is called, how it is connected, and who is in it. */
import type { ConversationView } from "@everthread/client"
import { Suspense, useState } from "react"
import { useDeveloper } from "../hooks/use-developer.ts"
import { useTexts } from "../hooks/use-texts.ts"
import { titleOf } from "../model/list-entry.ts"
import { fragmentOf } from "../model/place.ts"
import { others } from "../model/who.ts"
import { Avatar } from "../ui/avatar.tsx"
import { IconButton } from "../ui/button.tsx"
import { Icon } from "../ui/icon.tsx"
import { lazyParts } from "../ui/lazy-parts.ts"
import { useWorkspace } from "../ui/workspace.ts"

const facesMax = 3

export function ChatHeader({ view }: { readonly view: ConversationView }) {
  const { list, checkpoints } = useTexts()
  const { account } = useWorkspace()
  const [open, setOpen] = useState<"members" | "checkpoints">()
  const close = () => setOpen(undefined)
  const isDeveloper = useDeveloper()
  const { title, members, agent } = view.state
  const { Members, Checkpoints } = lazyParts
  return (
    <header className="flex shrink-0 items-center gap-2 border-b border-line px-2 py-1.5 md:px-4">
      <a
        href={fragmentOf(undefined)}
        aria-label={list.back}
        className="inline-flex size-9 items-center justify-center rounded-lg text-faint hover:bg-tint md:hidden"
      >
        <Icon name="back" />
      </a>
      <div className="min-w-0 flex-1">
        <h1 className="truncate text-base font-semibold">
          {titleOf(view.conversation, title, Object.keys(members), account.user)}
        </h1>
        {!isShut(view) && (
          <p className="flex h-5 items-center gap-1.5 text-xs text-faint">
            <Status view={view} />
            {agent !== undefined && <span className="truncate">· {agent}</span>}
          </p>
        )}
      </div>
      {agent !== undefined && isDeveloper && !isShut(view) && (
        <IconButton icon="fork" label={checkpoints.open} className="size-10" onClick={() => setOpen("checkpoints")} />
      )}
      {!isShut(view) && <Faces view={view} open={() => setOpen("members")} />}
      <Suspense>
        {open === "members" && <Members view={view} close={close} />}
        {open === "checkpoints" && <Checkpoints view={view} close={close} />}
      </Suspense>
    </header>
  )
}

/** The server does not let us see it: what it said before tells nothing any more. */
export function isShut({ status, error }: ConversationView): boolean {
  return status === "closed" && error !== undefined
}

const words = {
  connecting: "connecting",
  "catching-up": "catchingUp",
  live: "live",
  offline: "offline",
  unauthorized: "unauthorized",
  closed: "closed",
} as const satisfies Record<ConversationView["status"], string>

function Status({ view: { status } }: { readonly view: ConversationView }) {
  const { connection } = useTexts()
  const colour =
    status === "live" ? "text-ok" : status === "offline" || status === "closed" ? "text-danger" : "text-warn"
  const icon = status === "live" ? "check" : status === "offline" || status === "closed" ? "offline" : "retry"
  return (
    <span role="status" className={`flex items-center gap-1 font-medium ${colour}`}>
      <Icon name={icon} className="size-3.5" />
      {connection[words[status]]}
    </span>
  )
}

function Faces({ view, open }: { readonly view: ConversationView; open(): void }) {
  const { members } = useTexts()
  const { account } = useWorkspace()
  const names = Object.keys(view.state.members)
  const here = new Set(others(view.present, account.user))
  const faces = names.filter((name) => name !== account.user).sort((a, b) => Number(here.has(b)) - Number(here.has(a)))
  return (
    <button
      type="button"
      aria-label={members.open(names.length)}
      title={members.open(names.length)}
      className="flex h-10 items-center gap-1 rounded-lg px-2 text-faint hover:bg-tint"
      onClick={open}
    >
      <span className="hidden -space-x-1 sm:flex">
        {faces.slice(0, facesMax).map((name) => (
          <Avatar key={name} name={name} isSmall isHere={here.has(name)} />
        ))}
      </span>
      <Icon name="people" />
      <span className="text-sm tabular-nums">{names.length}</span>
    </button>
  )
}
