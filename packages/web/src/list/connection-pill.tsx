/** How the connection is, in a word and a picture; where it is gone, the way to try again. */
import type { ConnectionState } from "@everthread/client"
import { useConnection } from "../hooks/use-connection.ts"
import { useTexts } from "../hooks/use-texts.ts"
import type { Texts } from "../i18n/en.ts"
import { Icon } from "../ui/icon.tsx"
import { useWorkspace } from "../ui/workspace.ts"

type Words = keyof Pick<Texts["connection"], "connecting" | "live" | "offline" | "unauthorized" | "closed">

const offline = { words: "offline", colour: "text-danger" } as const

const shown: { readonly [S in ConnectionState["name"]]: { readonly words: Words; readonly colour: string } } = {
  idle: { words: "connecting", colour: "text-warn" },
  connecting: { words: "connecting", colour: "text-warn" },
  greeting: { words: "connecting", colour: "text-warn" },
  open: { words: "live", colour: "text-ok" },
  waiting: offline,
  unauthorized: { words: "unauthorized", colour: "text-danger" },
  closed: { words: "closed", colour: "text-danger" },
}

export function ConnectionPill() {
  const { connection } = useTexts()
  const { client } = useWorkspace()
  const state = useConnection(client)
  const isDoubted = state.name === "open" && state.isDoubted
  const isOn = state.name === "open" && !isDoubted
  const { words, colour } = isDoubted ? offline : shown[state.name]
  const about = state.name === "open" ? connection.node(state.welcome.node) : "reason" in state ? state.reason : ""
  return (
    <div className="flex items-center gap-2 text-xs">
      <span role="status" title={about} className={`flex items-center gap-1 font-medium ${colour}`}>
        <Icon name={isOn ? "wifi" : "offline"} className="size-3.5" />
        {connection[words]}
      </span>
      {(isDoubted || state.name === "waiting") && (
        <button type="button" className="text-accent underline" onClick={() => client.wake()}>
          {connection.tryNow}
        </button>
      )}
    </div>
  )
}
