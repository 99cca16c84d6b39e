/** The conversations, the newest first, and what there is to do besides talking. */
import { useStore } from "../hooks/use-store.ts"
import { useTexts } from "../hooks/use-texts.ts"
import type { ShownList } from "../model/conversation-list.ts"
import { Avatar } from "../ui/avatar.tsx"
import { IconButton } from "../ui/button.tsx"
import { SettingsMenu } from "../ui/settings-menu.tsx"
import { useWorkspace } from "../ui/workspace.ts"
import { ConnectionPill } from "./connection-pill.tsx"
import { FirstConversation } from "./first-conversation.tsx"
import { ListRow } from "./list-row.tsx"

interface ListPanelProps {
  readonly place: string | undefined
  make(): void
  search(): void
}

export function ListPanel({ place, make, search }: ListPanelProps) {
  const texts = useTexts()
  const { list } = useWorkspace()
  return (
    <nav aria-label={texts.list.title} className="flex h-full flex-col border-line bg-panel md:border-r">
      <header className="flex items-center gap-1 p-2 pl-4">
        <h1 className="flex-1 text-base font-semibold">{texts.list.title}</h1>
        <IconButton icon="search" label={texts.palette.label} onClick={search} />
        <IconButton icon="plus" label={texts.list.new} onClick={make} />
      </header>
      <Rows view={useStore(list)} place={place} make={make} />
      <Footer />
    </nav>
  )
}

interface RowsProps {
  readonly view: ShownList
  readonly place: string | undefined
  make(): void
}

function Rows({ view: { isKnown, entries }, place, make }: RowsProps) {
  const { chat } = useTexts()
  if (!isKnown) return <p className="flex-1 p-4 text-sm text-faint">{chat.loading}</p>
  if (entries.length === 0) return <FirstConversation make={make} />
  return (
    <ul className="flex-1 space-y-0.5 overflow-y-auto px-2 pb-2">
      {entries.map((entry) => (
        <li key={entry.id}>
          <ListRow entry={entry} isOpen={entry.id === place} />
        </li>
      ))}
    </ul>
  )
}

function Footer() {
  const { settings } = useTexts()
  const { account, signOut } = useWorkspace()
  return (
    <footer className="flex items-center gap-2 border-t border-line p-2 pl-3">
      <Avatar name={account.user} />
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-medium">
          <span className="sr-only">{settings.signedInAs("")}</span>
          {account.user}
        </p>
        <ConnectionPill />
      </div>
      <SettingsMenu signOut={signOut} />
    </footer>
  )
}
