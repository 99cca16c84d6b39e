/** One conversation in the list: its title, what was said last, and what waits for oneself. */
import { systemClock } from "@everthread/protocol"
import { memo } from "react"
import { useLanguage, useTexts } from "../hooks/use-texts.ts"
import type { ListEntry } from "../model/list-entry.ts"
import { fragmentOf } from "../model/place.ts"
import { shortText } from "../model/times.ts"
import { countText } from "../model/unread.ts"
import { Icon } from "../ui/icon.tsx"
import { useWorkspace } from "../ui/workspace.ts"

interface ListRowProps {
  readonly entry: ListEntry
  readonly isOpen: boolean
}

export const ListRow = memo(function ListRow({ entry, isOpen }: ListRowProps) {
  const { list } = useTexts()
  const language = useLanguage()
  const { account } = useWorkspace()
  const by = entry.by === account.user ? list.you : entry.by
  const preview = entry.preview === "" ? list.nothingYet : `${by === undefined ? "" : `${by}: `}${entry.preview}`
  return (
    <a
      href={fragmentOf(entry.id)}
      aria-current={isOpen ? "page" : undefined}
      className="flex flex-col gap-0.5 rounded-xl border border-transparent px-3 py-2 hover:bg-tint aria-[current]:border-edge aria-[current]:bg-tint"
    >
      <span className="flex items-baseline gap-2">
        <span className={`min-w-0 flex-1 truncate text-sm ${entry.unread > 0 ? "font-semibold" : "font-medium"}`}>
          {entry.title}
        </span>
        {entry.time > 0 && (
          <time className="text-xs text-faint">{shortText(entry.time, systemClock.now(), language)}</time>
        )}
      </span>
      <span className="flex items-center gap-2 text-xs text-faint">
        <span className="min-w-0 flex-1 truncate">{preview}</span>
        <Marks entry={entry} />
      </span>
    </a>
  )
})

function Marks({ entry: { isAsking, isWorking, unread } }: Pick<ListRowProps, "entry">) {
  const { list } = useTexts()
  return (
    <>
      {isAsking && <Mark icon="warn" label={list.asks} colour="text-warn" />}
      {isWorking && <Mark icon="agent" label={list.working} colour="text-accent" />}
      {unread > 0 && (
        <span className="rounded-full bg-accent px-1.5 text-xs leading-5 font-semibold text-on-accent tabular-nums">
          <span aria-hidden="true">{countText(unread)}</span>
          <span className="sr-only">{list.unread(countText(unread))}</span>
        </span>
      )}
    </>
  )
}

interface MarkProps {
  readonly icon: "warn" | "agent"
  readonly label: string
  readonly colour: string
}

function Mark({ icon, label, colour }: MarkProps) {
  return (
    <span className={colour} title={label}>
      <Icon name={icon} className="size-4" />
      <span className="sr-only">{label}</span>
    </span>
  )
}
