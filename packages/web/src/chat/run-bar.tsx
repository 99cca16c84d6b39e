/** What the agent is doing, the way to stop it, and what waits behind. */
import type { ConversationView } from "@everthread/client"
import { useState } from "react"
import { useDeveloper } from "../hooks/use-developer.ts"
import { useStore } from "../hooks/use-store.ts"
import { useTexts } from "../hooks/use-texts.ts"
import type { Texts } from "../i18n/en.ts"
import { currentRun, type RunLine } from "../model/runs.ts"
import { Button } from "../ui/button.tsx"
import { Icon } from "../ui/icon.tsx"
import { useWorkspace } from "../ui/workspace.ts"
import { useChat } from "./chat-context.ts"
import { QueuePanel } from "./queue-panel.tsx"

export function RunBar({ view }: { readonly view: ConversationView }) {
  const texts = useTexts()
  const { notices, silentNodes } = useWorkspace()
  const { conversation } = useChat()
  const [isOpen, setOpen] = useState(false)
  const isDeveloper = useDeveloper()
  const line = currentRun(view, useStore(silentNodes))
  if (!line) return null
  const waiting = view.queue.filter(({ id }) => id !== line.run.id)
  return (
    <div className="mb-2 rounded-xl border border-line bg-panel text-sm">
      <div className="flex items-center gap-2 py-1 pr-1 pl-3">
        <Icon
          name={line.kind === "recovering" || line.kind === "orphaned" ? "warn" : "agent"}
          className="size-4 text-accent"
        />
        <p role="status" className="min-w-0 flex-1 [overflow-wrap:anywhere]">
          {lineText(line, texts.run, isDeveloper)}
        </p>
        {waiting.length > 0 && (
          <Button look="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {texts.run.lineUp(waiting.length)}
            <Icon name="up" className={`size-4 ${isOpen ? "rotate-180" : ""}`} />
          </Button>
        )}
        {line.kind !== "stopping" && (
          <Button onClick={() => notices.watch(conversation.stop(line.run.id))}>
            <Icon name="stop" className="size-4" />
            {texts.run.stop}
          </Button>
        )}
      </div>
      {isOpen && waiting.length > 0 && <QueuePanel runs={waiting} messages={view.messages} />}
    </div>
  )
}

function lineText(line: RunLine, texts: Texts["run"], isDeveloper: boolean): string {
  const { agent } = line.run
  switch (line.kind) {
    case "queued":
      return line.before === undefined ? texts.queued(agent) : texts.before(agent, line.before)
    case "working":
      return isDeveloper ? texts.workingOn(agent, line.node) : texts.working(agent)
    case "orphaned":
      return texts.orphaned(line.node)
    case "recovering":
      return texts.recovering(agent, line.node, line.attempt)
    case "waiting":
      return texts.waiting(agent)
    case "stopping":
      return texts.stopping(agent)
  }
}
