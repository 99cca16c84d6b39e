/** Who belongs to the conversation and who is here; its owners say who may come, and what it is called. */
import type { ConversationView } from "@everthread/client"
import { type FormEvent, useState } from "react"
import { useTexts } from "../hooks/use-texts.ts"
import { namesIn } from "../model/names.ts"
import { fragmentOf } from "../model/place.ts"
import { copyText } from "../platform/copy-text.ts"
import { Avatar } from "../ui/avatar.tsx"
import { Button, IconButton } from "../ui/button.tsx"
import { TextField } from "../ui/field.tsx"
import { Icon } from "../ui/icon.tsx"
import { Modal } from "../ui/modal.tsx"
import { useWorkspace } from "../ui/workspace.ts"
import { useChat } from "./chat-context.ts"

interface MembersProps {
  readonly view: ConversationView
  close(): void
}

export default function Members({ view, close }: MembersProps) {
  const { members: texts } = useTexts()
  const { account } = useWorkspace()
  const { members, title } = view.state
  const names = Object.keys(members)
  const isOwner = Object.hasOwn(members, account.user) && members[account.user] === "owner"
  const mayAdd = isOwner || account.kind === "name"
  return (
    <Modal isOpen title={texts.title} close={close}>
      <div className="flex flex-col gap-4 px-5 pb-5">
        <ul className="flex flex-col gap-1">
          {names.map((name) => (
            <MemberRow key={name} name={name} view={view} mayRemove={isOwner && name !== account.user} />
          ))}
        </ul>
        {mayAdd && <AddMember />}
        <Invite conversation={view.conversation} />
        {isOwner && <Rename title={title ?? ""} />}
        <Leave close={close} />
      </div>
    </Modal>
  )
}

interface MemberRowProps {
  readonly name: string
  readonly view: ConversationView
  readonly mayRemove: boolean
}

function MemberRow({ name, view: { state, present }, mayRemove }: MemberRowProps) {
  const { members: texts } = useTexts()
  const { account, notices } = useWorkspace()
  const { conversation } = useChat()
  const isHere = present.some(({ user }) => user === name)
  const facts = [
    isHere ? texts.here : texts.away,
    ...(state.members[name] === "owner" ? [texts.owner] : []),
    ...(name === account.user ? [texts.you] : []),
  ]
  return (
    <li className="flex min-h-10 items-center gap-2">
      <Avatar name={name} isHere={isHere} />
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-medium">{name}</p>
        <p className="text-xs text-faint">{facts.join(" · ")}</p>
      </div>
      {mayRemove && (
        <IconButton
          icon="close"
          label={texts.remove(name)}
          onClick={() => notices.watch(conversation.removeMember(name))}
        />
      )}
    </li>
  )
}

function AddMember() {
  const texts = useTexts()
  const { account, notices } = useWorkspace()
  const { conversation } = useChat()
  const [typed, setTyped] = useState("")
  const submit = (event: FormEvent) => {
    event.preventDefault()
    for (const name of namesIn(typed, account.user)) notices.watch(conversation.addMember(name))
    setTyped("")
  }
  return (
    <form onSubmit={submit} className="flex items-end gap-2">
      <div className="flex-1">
        <TextField label={texts.members.add} value={typed} onChange={(event) => setTyped(event.target.value)} />
      </div>
      <Button type="submit" className="mb-5 min-h-10" disabled={typed.trim() === ""}>
        {texts.add}
      </Button>
    </form>
  )
}

/** Where nobody proves who they are the link lets anybody in; elsewhere it leads those who were added. */
function Invite({ conversation }: { readonly conversation: string }) {
  const { members: texts } = useTexts()
  const { account, notices } = useWorkspace()
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await copyText(new URL(fragmentOf(conversation), location.href).href)
    setCopied(true)
  }
  return (
    <div className="flex flex-col gap-1">
      <Button onClick={() => notices.watch(copy())}>
        <Icon name={isCopied ? "check" : "copy"} className="size-4" />
        {texts.copyLink}
      </Button>
      <p role="status" className="text-xs text-faint">
        {isCopied && (account.kind === "name" ? texts.linkForAll : texts.linkForMembers)}
      </p>
    </div>
  )
}

function Rename({ title }: { readonly title: string }) {
  const texts = useTexts()
  const { notices } = useWorkspace()
  const { conversation } = useChat()
  const [typed, setTyped] = useState(title)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    notices.watch(conversation.update({ title: typed.trim() }))
  }
  return (
    <form onSubmit={submit} className="flex items-end gap-2">
      <div className="flex-1">
        <TextField label={texts.members.rename} value={typed} onChange={(event) => setTyped(event.target.value)} />
      </div>
      <Button type="submit" className="mb-5 min-h-10" disabled={typed.trim() === "" || typed === title}>
        {texts.save}
      </Button>
    </form>
  )
}

function Leave({ close }: { close(): void }) {
  const { members: texts } = useTexts()
  const { account, notices, list, go } = useWorkspace()
  const { conversation } = useChat()
  const leave = async () => {
    await conversation.removeMember(account.user)
    close()
    go(undefined)
    await list.refresh()
  }
  return (
    <Button look="danger" onClick={() => notices.watch(leave())}>
      {texts.leave}
    </Button>
  )
}
