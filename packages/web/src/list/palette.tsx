/** Goes to a conversation by typing a part of its title. */
import { type KeyboardEvent, useId, useState } from "react"
import { useStore } from "../hooks/use-store.ts"
import { useTexts } from "../hooks/use-texts.ts"
import { type ListEntry, matching } from "../model/list-entry.ts"
import { movedBy } from "../model/palette-keys.ts"
import { countText } from "../model/unread.ts"
import { Modal } from "../ui/modal.tsx"
import { useWorkspace } from "../ui/workspace.ts"

/** More than anybody reads. */
const shownMax = 50

export default function Palette({ close }: { close(): void }) {
  const { palette } = useTexts()
  return (
    <Modal isOpen isBare title={palette.label} close={close}>
      <Search close={close} />
    </Modal>
  )
}

function Search({ close }: { close(): void }) {
  const { palette } = useTexts()
  const { list, go } = useWorkspace()
  const [query, setQuery] = useState("")
  const [index, setIndex] = useState(0)
  const listId = useId()
  const found = matching(useStore(list).entries, query).slice(0, shownMax)
  const open = (entry: ListEntry | undefined) => {
    if (!entry) return
    go(entry.id)
    close()
  }
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key !== "Enter" && event.key !== "ArrowDown" && event.key !== "ArrowUp") return
    // Enter as well: when the dialog is gone, the rest of the key would press the button that has the focus then.
    event.preventDefault()
    if (event.key === "Enter") open(found[index])
    else setIndex(movedBy(event.key, index, found.length))
  }
  return (
    <>
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={found[index] ? `${listId}-${index}` : undefined}
        aria-label={palette.label}
        className="w-full border-b border-line bg-transparent px-5 py-4 outline-none placeholder:text-faint"
        placeholder={palette.placeholder}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value)
          setIndex(0)
        }}
        onKeyDown={press}
      />
      <div id={listId} role="listbox" aria-label={palette.label} className="max-h-80 overflow-y-auto p-2">
        {found.map((entry, at) => (
          <Found key={entry.id} id={`${listId}-${at}`} entry={entry} isChosen={at === index} open={() => open(entry)} />
        ))}
      </div>
      {found.length === 0 && <p className="px-5 pb-4 text-sm text-faint">{palette.none}</p>}
    </>
  )
}

interface FoundProps {
  readonly id: string
  readonly entry: ListEntry
  readonly isChosen: boolean
  open(): void
}

function Found({ id, entry, isChosen, open }: FoundProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus.
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      className={`flex items-center gap-2 rounded-lg px-3 py-2 text-sm ${isChosen ? "bg-tint" : "hover:bg-tint"}`}
      onClick={open}
    >
      <span className="min-w-0 flex-1 truncate">{entry.title}</span>
      {entry.unread > 0 && <span className="text-xs text-faint">{countText(entry.unread)}</span>}
    </div>
  )
}
