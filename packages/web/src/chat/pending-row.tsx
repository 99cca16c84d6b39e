/** What this device wrote and the log does not hold yet: it looks like a message, and says where it is. */
import type { PendingMessage } from "@everthread/client"
import { useTexts } from "../hooks/use-texts.ts"
import { Markdown } from "../markdown/markdown.tsx"
import { Button } from "../ui/button.tsx"
import { Icon } from "../ui/icon.tsx"
import { useChat } from "./chat-context.ts"

export function PendingRow({ pending }: { readonly pending: PendingMessage }) {
  const { message } = useTexts()
  const isFailed = pending.status === "failed"
  const words = pending.status === "failed" ? message.failed(pending.error?.message ?? "") : message[pending.status]
  return (
    <article className="mt-2 flex flex-col items-end">
      <div
        className={`max-w-[85%] rounded-2xl rounded-br-md border bg-own px-3.5 py-2 ${isFailed ? "border-danger" : "border-dashed border-edge"}`}
      >
        <Markdown text={pending.text} />
      </div>
      <p className={`mt-0.5 flex items-center gap-1 text-xs ${isFailed ? "text-danger" : "text-faint"}`}>
        <Icon name={isFailed ? "warn" : "clock"} className="size-3.5" />
        {words}
      </p>
      {isFailed && <Again pending={pending} />}
    </article>
  )
}

function Again({ pending: { key } }: { readonly pending: PendingMessage }) {
  const { message } = useTexts()
  const { conversation } = useChat()
  return (
    <div className="mt-1 flex gap-2">
      <Button onClick={() => conversation.discard(key)}>{message.discard}</Button>
      <Button look="primary" onClick={() => conversation.retry(key)}>
        {message.retry}
      </Button>
    </div>
  )
}
