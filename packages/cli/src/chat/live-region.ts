/**
 * What is shown below the last finished line and above the prompt, and redrawn with every change: answers
 * as they stream, own messages on their way, who is typing, and the connection where it is not well.
 */

import type { ConversationView } from "@everthread/client"
import { textOf } from "@everthread/protocol"
import { clean, cleanLine } from "./clean.ts"
import { authorOf } from "./news.ts"
import { isRunOf, standingsOf, standingText } from "./standing.ts"
import type { Paint } from "./style.ts"
import type { ChatTexts } from "./texts.ts"
import { rowsOf } from "./wrap.ts"

export interface LiveOptions {
  readonly texts: ChatTexts
  readonly paint: Paint
  readonly columns: number
  /** Whose messages stand in line: `user/device`. */
  readonly self: string
  /** It never grows beyond the screen: what scrolls away cannot be redrawn. */
  readonly rowsMax: number
  /** The connection in words, where it is worth saying. */
  readonly status: string | undefined
}

/** @returns rows, styled, none wider than the screen. */
export function liveRows(view: ConversationView, options: LiveOptions): string[] {
  const { texts, paint, columns, rowsMax } = options
  const row = (style: Parameters<Paint>[0], text: string) => rowsOf(text, columns - 1).map((part) => paint(style, part))
  const rows: string[] = []
  for (const message of view.messages) {
    if (message.status !== "streaming") continue
    rows.push(...row("agent", `${cleanLine(authorOf(message))}: ${clean(textOf(message))}▍`))
  }
  for (const { text, status, error } of view.pending) {
    const word = status === "failed" ? texts.failed(error?.message ?? "") : texts[status]
    rows.push(...row(status === "failed" ? "bad" : "dim", `${cleanLine(text)} (${cleanLine(word)})`))
  }
  for (const standing of standingsOf(view)) {
    // That every worker is busy is of use to all who wait here.
    const isTold = standing.kind === "workers" || isRunOf(options.self, standing.run)
    if (isTold) rows.push(...row("dim", standingText(standing, texts)))
  }
  const typing = view.typing.map(({ user }) => cleanLine(user))
  if (typing.length > 0) rows.push(...row("dim", texts.typing([...new Set(typing)].join(", "))))
  if (options.status !== undefined) rows.push(...row("warn", `* ${cleanLine(options.status)}`))
  return rows.slice(-Math.max(rowsMax, 1))
}
