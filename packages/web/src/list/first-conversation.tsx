/** What there is to do where no conversation is yet: begin one with the agent, in one step, or with whomever. */
import { useState } from "react"
import { useWelcome } from "../hooks/use-connection.ts"
import { useTexts } from "../hooks/use-texts.ts"
import { demoAgent } from "../model/demo-agent.ts"
import { Button } from "../ui/button.tsx"
import { useWorkspace } from "../ui/workspace.ts"

export function FirstConversation({ make }: { make(): void }) {
  const { list } = useTexts()
  const { client } = useWorkspace()
  const agents = useWelcome(client)?.agents ?? []
  const agent = agents.includes(demoAgent) ? demoAgent : agents[0]
  return (
    <div className="flex flex-1 flex-col items-start gap-3 p-4 text-sm">
      <p className="text-faint">{list.none}</p>
      {agent !== undefined && <WithAgent agent={agent} />}
      <Button look={agent === undefined ? "primary" : "plain"} onClick={make}>
        {agent === undefined ? list.begin : list.beginOther}
      </Button>
    </div>
  )
}

function WithAgent({ agent }: { readonly agent: string }) {
  const { list: texts } = useTexts()
  const { client, list, notices, go } = useWorkspace()
  const [isBusy, setBusy] = useState(false)
  const begin = async () => {
    setBusy(true)
    try {
      const made = await client.create({ title: texts.chatWith(agent), agent })
      await list.refresh()
      go(made.conversation)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button look="primary" disabled={isBusy} onClick={() => notices.watch(begin())}>
      {texts.beginWith(agent)}
    </Button>
  )
}
