/** The snippets of `docs/client.md` that only browsers run, compiled and run: each region here is a block there. */
import { textOf } from "@everthread/protocol"
import type { ReactNode } from "react"
import { indexedDbOutbox, sharedSocket, wakeWithPage } from "../src/browser/index.ts"
import { type Client, createClient } from "../src/index.ts"
import { ClientProvider, useClient, useConversation } from "../src/react/index.ts"

type Tell = (error: unknown) => void

export function inBrowser(user: string, device: string, fetchToken: () => Promise<string>, tell: Tell) {
  // #region browser
  const client = createClient({
    url: "wss://chat.example/v1",
    token: fetchToken,
    device,
    socket: sharedSocket(),
    outbox: indexedDbOutbox(`${user} on ${device}`, { failed: tell }),
  })
  const stopWaking = wakeWithPage(client)
  // #endregion
  return { client, stopWaking }
}

export function room(client: Client, tell: Tell): ReactNode {
  // #region react
  function Room({ id }: { id: string }) {
    const client = useClient()
    const status = useConversation(id, (view) => view.status)
    const messages = useConversation(id, (view) => view.messages)
    return (
      <main>
        <p>{status}</p>
        {messages.map((message) => (
          <p key={message.id}>{textOf(message)}</p>
        ))}
        <button type="button" onClick={() => client.conversation(id).send("Hello").catch(tell)}>
          Hello
        </button>
      </main>
    )
  }

  const page = (
    <ClientProvider client={client}>
      <Room id="lobby" />
    </ClientProvider>
  )
  // #endregion
  return page
}
