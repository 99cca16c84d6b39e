/**
 * Everything that lives for as long as somebody is signed in: the client, the list, the drafts.
 *
 * The client comes back by itself; it is told when the machine woke up or the network is there again, because a browser
 * knows that before any timer does.
 */
import { type Client, createClient } from "@everthread/client"
import { systemClock, systemRandom } from "@everthread/protocol"
import type { Texts } from "../i18n/en.ts"
import { ConversationList } from "../model/conversation-list.ts"
import { draftsOf } from "../model/drafts.ts"
import { createNotices } from "../model/notices.ts"
import { fragmentOf } from "../model/place.ts"
import { browserKeep } from "../platform/keep.ts"
import type { Workspace } from "../ui/workspace.ts"
import { type Account, deviceOf } from "./account.ts"
import type { ServerFacts } from "./server.ts"

export interface WorkspaceParts {
  readonly account: Account
  readonly server: ServerFacts
  texts(): Texts
  signOut(): void
}

export function openWorkspace({ account, server, texts, signOut }: WorkspaceParts): Workspace {
  const client = openClient(account, server)
  return {
    account,
    server,
    client,
    list: new ConversationList({ client, clock: systemClock, user: account.user }),
    drafts: draftsOf(browserKeep, account.user),
    notices: createNotices(systemClock, (reason) => texts().problem(reason)),
    go(conversation) {
      location.hash = fragmentOf(conversation)
    },
    signOut,
  }
}

function openClient(account: Account, { socket }: ServerFacts): Client {
  const who = account.kind === "name" ? { user: account.user } : { token: account.token }
  return createClient({ url: socket, device: deviceOf(browserKeep, systemRandom), ...who })
}

/** @param refuse is told why, when the server takes the account no more. @returns ends everything. */
export function runWorkspace({ client, list }: Workspace, refuse: (reason: string) => void): () => void {
  const wake = () => {
    if (document.visibilityState !== "visible") return
    client.wake()
    void list.refresh()
  }
  addEventListener("online", wake)
  document.addEventListener("visibilitychange", wake)
  const stopWatching = client.onState((state) => {
    if (state.name === "unauthorized") refuse(state.reason)
  })
  list.start()
  return () => {
    removeEventListener("online", wake)
    document.removeEventListener("visibilitychange", wake)
    stopWatching()
    list.stop()
    client.close()
  }
}
