/** What a node's process and the bench say to each other. */
import { type Say, type Speech, speak } from "./speech.ts"

export type ToNode = { readonly ask: "cpu" } | { readonly ask: "speak"; readonly speech: Speech }

export type FromNode =
  | { readonly is: "ready"; readonly port: number }
  /** Since it began, user and system, in microseconds. */
  | { readonly is: "cpu"; readonly us: number }
  | { readonly is: "spoken" }

/** Answers the bench until it is gone; then the node is, too. */
export function serveBench(port: number, say: Say): void {
  process.on("message", (asked: ToNode) => void answer(asked, say))
  process.on("disconnect", () => process.exit(0))
  tell({ is: "ready", port })
}

async function answer(asked: ToNode, say: Say): Promise<void> {
  if (asked.ask === "speak") {
    await speak(asked.speech, asked.speech.isSilent ? async () => undefined : say)
    return tell({ is: "spoken" })
  }
  const { user, system } = process.cpuUsage()
  tell({ is: "cpu", us: user + system })
}

function tell(message: FromNode): void {
  process.send?.(message)
}
