/** Makes a conversation: what it is called, who is in it, and who answers. */
import { type FormEvent, useState } from "react"
import { useWelcome } from "../hooks/use-connection.ts"
import { useTexts } from "../hooks/use-texts.ts"
import { namesIn } from "../model/names.ts"
import { reasonOf } from "../model/notices.ts"
import { Button } from "../ui/button.tsx"
import { SelectField, TextField } from "../ui/field.tsx"
import { Modal } from "../ui/modal.tsx"
import { useWorkspace } from "../ui/workspace.ts"

export default function NewConversation({ close }: { close(): void }) {
  const { make } = useTexts()
  return (
    <Modal isOpen title={make.title} close={close}>
      <Form close={close} />
    </Modal>
  )
}

function Form({ close }: { close(): void }) {
  const texts = useTexts()
  const { make } = texts
  const { client, account, list, go } = useWorkspace()
  const agents = useWelcome(client)?.agents ?? []
  const [title, setTitle] = useState("")
  const [people, setPeople] = useState("")
  const [agent, setAgent] = useState<string>()
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const answering = agent ?? agents[0] ?? ""
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    const named = { ...(title.trim() && { title: title.trim() }), ...(answering && { agent: answering }) }
    try {
      const made = await client.create({ ...named, members: namesIn(people, account.user) })
      await list.refresh()
      go(made.conversation)
      close()
    } catch (error) {
      setProblem(texts.problem(reasonOf(error)))
      setBusy(false)
    }
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-2 px-5 pb-5">
      <TextField label={make.name} hint={make.nameHint} value={title} onChange={(e) => setTitle(e.target.value)} />
      <TextField
        label={make.members}
        hint={make.membersHint}
        value={people}
        onChange={(e) => setPeople(e.target.value)}
      />
      <SelectField label={make.agent} value={answering} onChange={(e) => setAgent(e.target.value)}>
        {agents.map((name) => (
          <option key={name}>{name}</option>
        ))}
        <option value="">{make.noAgent}</option>
      </SelectField>
      {problem !== undefined && (
        <p role="alert" className="text-sm text-danger">
          {problem}
        </p>
      )}
      <div className="mt-2 flex justify-end gap-2">
        <Button onClick={close}>{texts.cancel}</Button>
        <Button look="primary" type="submit" disabled={isBusy}>
          {make.create}
        </Button>
      </div>
    </form>
  )
}
