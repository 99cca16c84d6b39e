/** Who else is typing. It keeps its place when nobody is, so that nothing jumps. */
import type { By } from "@everthread/protocol"
import { useTexts } from "../hooks/use-texts.ts"
import { others } from "../model/who.ts"
import { useWorkspace } from "../ui/workspace.ts"

export function TypingLine({ typing }: { readonly typing: readonly By[] }) {
  const { chat } = useTexts()
  const names = others(typing, useWorkspace().account.user)
  return (
    <p aria-live="polite" className="h-5 truncate px-1 text-xs text-faint">
      {names.length > 0 && chat.typing(names.join(", "), names.length > 1)}
    </p>
  )
}
