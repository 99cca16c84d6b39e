/**
 * Everything that lives for as long as somebody is signed in: the client, the list, the drafts.
 *
 * What was written and not stored yet outlives the page: the next one sends it.
 */
import { type Client, createClient } from "@everthread/client"
import { indexedDbOutbox, sharedSocket, wakeWithPage } from "@everthread/client/browser"
import { systemClock, systemRandom } from "@everthread/protocol"
import type { Texts } from "../i18n/en.ts"
import { showList } from "../model/conversation-list.ts"
import { draftsOf } from "../model/drafts.ts"
import { createNotices } from "../model/notices.ts"
import { fragmentOf } from "../model/place.ts"
import { browserKeep } from "../platform/keep.ts"
import { createStore } from "../platform/store.ts"
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
    list: showList(client.list(), account.user),
    drafts: draftsOf(browserKeep, account.user),
    notices: createNotices(systemClock, (reason) => texts().problem(reason)),
    silentNodes: createStore<readonly string[]>([]),
    go(conversation) {
      location.hash = fragmentOf(conversation)
    },
    signOut,
  }
}

/** One connection for all tabs of this browser in which the same person is signed in. One for the page: tabs lead and follow for as long as they live. */
const tabsSocket = sharedSocket()

function openClient(account: Account, { socket }: ServerFacts): Client {
  const who = account.kind === "name" ? { user: account.user } : { token: account.token }
  const device = deviceOf(browserKeep, systemRandom)
  const outbox = indexedDbOutbox(`${account.user}/${device}`)
  return createClient({ url: socket, device, outbox, socket: tabsSocket, ...who })
}

/** @param refuse is told why, when the server takes the account no more. @returns ends everything. */
export function runWorkspace({ client, list }: Workspace, refuse: (reason: string) => void): () => void {
  const stopWaking = wakeWithPage(client)
  const look = () => {
    if (document.visibilityState === "visible") void list.refresh()
  }
  document.addEventListener("visibilitychange", look)
  const stopWatching = client.onState((state) => {
    if (state.name === "unauthorized") refuse(state.reason)
  })
  return () => {
    stopWaking()
    document.removeEventListener("visibilitychange", look)
    stopWatching()
    list.close()
    client.close()
  }
}
