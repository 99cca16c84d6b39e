/** Markdown as it is shown; text that grows is drawn anew only where it grows. */
import { useLayoutEffect, useRef } from "react"
import { patchChildren } from "./patch-children.ts"
import { renderMarkdown } from "./render-markdown.ts"

export function Markdown({ text, isStreaming = false }: { readonly text: string; readonly isStreaming?: boolean }) {
  const host = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (host.current) patchChildren(host.current, renderMarkdown(text, location.origin))
  }, [text])
  return <div ref={host} className={`prose ${isStreaming ? "streaming" : ""}`} />
}
