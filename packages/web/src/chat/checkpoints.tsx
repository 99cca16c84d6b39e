/** The checkpoints of the conversation's agent, for whoever builds one: what came next at each, its state, and a fork. */
import type { ConversationView } from "@everthread/client"
import type { CheckpointEntry, Json } from "@everthread/protocol"
import { useCallback, useEffect, useState } from "react"
import { useLanguage, useTexts } from "../hooks/use-texts.ts"
import { newestFirst } from "../model/newest-first.ts"
import { clockText, fullText } from "../model/times.ts"
import { Button } from "../ui/button.tsx"
import { Code } from "../ui/code.tsx"
import { Icon } from "../ui/icon.tsx"
import { Modal } from "../ui/modal.tsx"
import { useWorkspace } from "../ui/workspace.ts"
import { useChat } from "./chat-context.ts"
import { useFork } from "./use-fork.ts"

interface CheckpointsProps {
  readonly view: ConversationView
  close(): void
}

interface Loaded {
  readonly checkpoints: readonly CheckpointEntry[]
  readonly more: boolean
}

export default function Checkpoints({ view, close }: CheckpointsProps) {
  const { checkpoints: texts, chat } = useTexts()
  const { loaded, load } = useCheckpoints()
  const { agent } = view.state
  return (
    <Modal isOpen title={texts.title(agent ?? "")} close={close}>
      <div className="flex flex-col gap-3 px-5 pb-5">
        {!loaded && <p className="text-sm text-faint">{chat.loading}</p>}
        {loaded?.checkpoints.length === 0 && <p className="text-sm text-faint">{texts.none}</p>}
        <ol aria-label={texts.title(agent ?? "")} className="flex flex-col gap-2">
          {newestFirst(loaded?.checkpoints ?? []).map((entry) => (
            <CheckpointRow key={entry.checkpoint} entry={entry} agent={agent} close={close} />
          ))}
        </ol>
        {loaded?.more && <Button onClick={load}>{texts.older}</Button>}
      </div>
    </Modal>
  )
}

function useCheckpoints() {
  const { notices } = useWorkspace()
  const { conversation } = useChat()
  const [loaded, setLoaded] = useState<Loaded>()
  const loadAfter = useCallback(
    async (before: Loaded | undefined) => {
      const last = before?.checkpoints.at(-1)?.checkpoint
      const page = await conversation.checkpoints(last === undefined ? {} : { before: last })
      setLoaded({ checkpoints: [...(before?.checkpoints ?? []), ...page.checkpoints], more: page.more })
    },
    [conversation],
  )
  useEffect(() => notices.watch(loadAfter(undefined)), [loadAfter, notices])
  return { loaded, load: () => notices.watch(loadAfter(loaded)) }
}

interface CheckpointRowProps {
  readonly entry: CheckpointEntry
  readonly agent: string | undefined
  close(): void
}

function CheckpointRow({ entry, agent, close }: CheckpointRowProps) {
  const { checkpoints: texts } = useTexts()
  const { notices } = useWorkspace()
  const { conversation } = useChat()
  const language = useLanguage()
  const fork = useFork()
  const [values, setValues] = useState<Json>()
  const { checkpoint, step, next, time } = entry
  const show = async () => setValues((await conversation.checkpoint(checkpoint)).values)
  const begin = () => {
    close()
    fork(Promise.resolve(checkpoint), agent)
  }
  return (
    <li className="rounded-xl border border-line px-3 py-2 text-sm">
      <div className="flex items-center gap-2">
        <p className="min-w-0 flex-1">
          <span className="font-medium">{texts.step(step)}</span>{" "}
          <span className="text-faint">{next.length > 0 ? texts.next(next.join(", ")) : texts.end}</span>
          <time className="block text-xs text-faint" title={fullText(time, language)}>
            {clockText(time, language)}
          </time>
        </p>
        <Button
          aria-expanded={values !== undefined}
          onClick={() => (values === undefined ? notices.watch(show()) : setValues(undefined))}
        >
          {texts.state}
        </Button>
        <Button onClick={begin}>
          <Icon name="fork" className="size-4" />
          {texts.fork}
        </Button>
      </div>
      {values !== undefined && <Code text={JSON.stringify(values, undefined, 2)} className="mt-2" />}
    </li>
  )
}
