/** One item of the timeline, whatever it is: the compiler refuses a kind without a look. */
import { systemClock } from "@everthread/protocol"
import { useLanguage, useTexts } from "../hooks/use-texts.ts"
import type { TimelineItem } from "../model/timeline.ts"
import { dayText } from "../model/times.ts"
import { FailedRun } from "./failed-run.tsx"
import { MessageRow } from "./message-row.tsx"
import { PendingRow } from "./pending-row.tsx"
import { QuestionCard } from "./question-card.tsx"

export function TimelineRow({ item }: { readonly item: TimelineItem }) {
  const { chat } = useTexts()
  const language = useLanguage()
  switch (item.kind) {
    case "day":
      return <Line>{dayText(item.time, systemClock.now(), language, chat)}</Line>
    case "new":
      return <Line isNew>{chat.newMessages}</Line>
    case "message": {
      const { kind: _kind, key: _key, ...row } = item
      return <MessageRow {...row} />
    }
    case "question":
      return <QuestionCard interrupt={item.interrupt} run={item.run} />
    case "failed":
      return <FailedRun run={item.run} />
    case "pending":
      return <PendingRow pending={item.pending} />
  }
}

function Line({ isNew = false, children }: { readonly isNew?: boolean; readonly children: string }) {
  const colour = isNew ? "text-accent before:bg-accent after:bg-accent" : "text-faint before:bg-line after:bg-line"
  return (
    <p
      className={`my-3 flex items-center gap-3 text-xs font-medium before:h-px before:flex-1 after:h-px after:flex-1 ${colour}`}
    >
      {children}
    </p>
  )
}
