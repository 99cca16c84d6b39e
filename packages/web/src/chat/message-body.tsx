/** What a message says: a person's text, or an agent's blocks in their order. */
import type { Block, ChatMessage } from "@everthread/protocol"
import { useTexts } from "../hooks/use-texts.ts"
import { Markdown } from "../markdown/markdown.tsx"
import { Icon } from "../ui/icon.tsx"
import { ToolCall } from "./tool-call.tsx"

export function MessageBody({ message }: { readonly message: ChatMessage }) {
  const { chat } = useTexts()
  if (message.redacted) return <p className="text-faint italic">{chat.redacted}</p>
  const isStreaming = message.status === "streaming"
  const tags = [...(message.edited ? [chat.edited] : []), ...(message.status === "stopped" ? [chat.stopped] : [])]
  return (
    <div className="flex flex-col gap-2">
      {message.role === "user" && <Markdown text={message.text} />}
      {message.blocks.map((block, index) => (
        // Blocks are told by their place: they are added at the end, and none is ever taken out.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above.
        <MessageBlock key={index} block={block} isStreaming={isStreaming} />
      ))}
      {isStreaming && message.blocks.length === 0 && <Thinking />}
      {tags.length > 0 && <p className="text-xs text-faint">{tags.join(" · ")}</p>}
    </div>
  )
}

function MessageBlock({ block, isStreaming }: { readonly block: Block; readonly isStreaming: boolean }) {
  if (block.tool) return <ToolCall block={block} tool={block.tool} />
  if (block.text === "" || block.kind === "tool_call") return null
  if (block.kind === "reasoning") return <Reasoning text={block.text} />
  return <Markdown text={block.text} isStreaming={isStreaming && !block.done} />
}

function Reasoning({ text }: { readonly text: string }) {
  const { tool } = useTexts()
  return (
    <details className="group/open text-sm text-faint">
      <summary className="flex w-fit list-none items-center gap-1 rounded">
        <Icon name="chevron" className="size-4 group-open/open:rotate-90" />
        {tool.reasoning}
      </summary>
      <div className="border-l-2 border-line pl-3">
        <Markdown text={text} />
      </div>
    </details>
  )
}

function Thinking() {
  const { chat } = useTexts()
  return (
    <p className="dots py-1 text-faint">
      <span />
      <span />
      <span />
      <span className="sr-only">{chat.thinks}</span>
    </p>
  )
}
