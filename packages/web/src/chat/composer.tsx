/** Where one writes. Enter sends, Shift+Enter breaks the line, Up edits the last message, Esc stops the agent. */
import type { Conversation, ConversationView, WhenBusy } from "@everthread/client"
import { isOpen, limits } from "@everthread/protocol"
import { type KeyboardEvent, useEffect, useRef, useState } from "react"
import { useWelcome } from "../hooks/use-connection.ts"
import { useGrowing } from "../hooks/use-growing.ts"
import { useTexts } from "../hooks/use-texts.ts"
import type { Texts } from "../i18n/en.ts"
import { type ComposerAction, composerAction } from "../model/composer-keys.ts"
import { currentRun } from "../model/runs.ts"
import { isOwn } from "../model/unread.ts"
import { Button, IconButton } from "../ui/button.tsx"
import { Icon } from "../ui/icon.tsx"
import { useWorkspace } from "../ui/workspace.ts"
import { AboutChip } from "./about-chip.tsx"
import { type About, useChat } from "./chat-context.ts"
import { useComposer } from "./use-composer.ts"
import { WhenBusyMenu } from "./when-busy-menu.tsx"

interface ComposerProps {
  readonly conversation: Conversation
  readonly view: ConversationView
  readonly about: About | undefined
}

export function Composer({ conversation, view, about }: ComposerProps) {
  const { compose } = useTexts()
  const { client } = useWorkspace()
  const field = useRef<HTMLTextAreaElement>(null)
  const { text, change, send, sendAnew } = useComposer(conversation, about)
  const [whenBusy, setWhenBusy] = useState<WhenBusy>()
  const textCharsMax = useWelcome(client)?.limits.textCharsMax ?? limits.textCharsMax
  const act = useActions(conversation, view)
  const policy = whenBusy ?? view.state.whenBusy ?? "enqueue"
  const placeholder = placeholderOf(view, policy, compose)
  useGrowing(field, text === "" ? placeholder : text)
  useEffect(() => {
    // Whoever chose to reply or to edit wants to write now; on a phone a keyboard that nobody asked for is in the way.
    if (about || matchMedia("(pointer: fine)").matches) field.current?.focus()
  }, [about])

  const isTooLong = text.length > textCharsMax
  const isBusy = view.state.runs.some(isOpen)
  const submit = () => {
    if (!isTooLong) send(isBusy ? whenBusy : undefined)
  }
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const pressed = { ...keyOf(event), isComposing: event.nativeEvent.isComposing, keyCode: event.nativeEvent.keyCode }
    const action = composerAction(pressed, { isEmpty: text === "", isAbout: about !== undefined })
    if (!action) return
    event.preventDefault()
    if (action === "send") submit()
    else act(action)
  }
  return (
    <div className="rounded-2xl border border-line bg-raised focus-within:border-accent">
      <AboutChip about={about} />
      <div className="flex items-end gap-1 p-1.5">
        <textarea
          ref={field}
          aria-label={compose.label}
          aria-invalid={isTooLong}
          rows={1}
          className="max-h-48 min-h-9 min-w-0 flex-1 resize-none bg-transparent px-2 py-1.5 text-base leading-6 outline-none placeholder:text-faint md:text-[15px]"
          placeholder={placeholder}
          value={text}
          onChange={(event) => change(event.target.value)}
          onKeyDown={press}
        />
        {isBusy && about?.kind !== "edit" && <WhenBusyMenu value={policy} choose={setWhenBusy} />}
        <IconButton
          icon={about?.kind === "edit" ? "check" : "send"}
          look="primary"
          label={compose.send}
          disabled={text.trim() === "" || isTooLong}
          onClick={submit}
        />
      </div>
      {sendAnew && (
        <div className="flex justify-end px-1.5 pb-1.5">
          <Button disabled={text.trim() === "" || isTooLong} onClick={sendAnew}>
            <Icon name="retry" className="size-4" />
            {compose.sendAnew}
          </Button>
        </div>
      )}
      {isTooLong && <p className="px-4 pb-2 text-xs text-danger">{compose.tooLong(textCharsMax)}</p>}
    </div>
  )
}

function placeholderOf(view: ConversationView, policy: WhenBusy, compose: Texts["compose"]): string {
  const line = currentRun(view)
  if (line?.kind === "waiting" && policy === "enqueue") return compose.placeholderBehind(line.run.agent)
  const { agent } = view.state
  return agent === undefined ? compose.placeholder : compose.placeholderAgent(agent)
}

/** Spreading an event does not copy what it inherits. */
function keyOf({ key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent) {
  return { key, shiftKey, ctrlKey, metaKey, altKey }
}

function useActions(conversation: Conversation, view: ConversationView) {
  const { account, notices } = useWorkspace()
  const { writeAbout } = useChat()
  const actions: { readonly [A in Exclude<ComposerAction, "send">]: () => void } = {
    "edit-last": () => {
      const message = view.messages.findLast((one) => isOwn(one, account.user) && one.redacted !== true)
      if (message) writeAbout({ kind: "edit", message })
    },
    "drop-about": () => writeAbout(undefined),
    stop: () => {
      if (view.state.runs.some((run) => isOpen(run) && !run.stopBy)) notices.watch(conversation.stop())
    },
  }
  return (action: keyof typeof actions) => actions[action]()
}
