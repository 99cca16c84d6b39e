/** A run that has failed: why, in the agent's words or the server's, and another try. */
import type { Run } from "@everthread/protocol"
import { useSyncExternalStore } from "react"
import { useTexts } from "../hooks/use-texts.ts"
import { runsToAnswerAnew } from "../model/answers-anew.ts"
import { Button } from "../ui/button.tsx"
import { Icon } from "../ui/icon.tsx"
import { useWorkspace } from "../ui/workspace.ts"
import { useChat } from "./chat-context.ts"

export function FailedRun({ run }: { readonly run: Run }) {
  const { run: texts, message } = useTexts()
  const { account } = useWorkspace()
  const { conversation, answerAnew } = useChat()
  const mayAskAgain = useSyncExternalStore(conversation.subscribe, () =>
    runsToAnswerAnew(conversation.snapshot().state, account.user).some(({ id }) => id === run.id),
  )
  return (
    <div className="my-2 flex flex-wrap items-start gap-2 rounded-xl border border-danger px-3 py-2 text-sm">
      <Icon name="warn" className="mt-0.5 size-4 text-danger" />
      <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">{texts.failed(run.agent, run.error ?? "")}</p>
      {mayAskAgain && (
        <Button onClick={() => answerAnew(run.id)}>
          <Icon name="retry" className="size-4" />
          {message.anew}
        </Button>
      )}
    </div>
  )
}
