/** What everything that is shown to somebody who is signed in may use. */
import type { Client } from "@everthread/client"
import { createContext, useContext } from "react"
import type { Account } from "../account/account.ts"
import type { ServerFacts } from "../account/server.ts"
import type { ShownConversations } from "../model/conversation-list.ts"
import type { Drafts } from "../model/drafts.ts"
import type { Notices } from "../model/notices.ts"
import type { Store } from "../platform/store.ts"

export interface Workspace {
  readonly account: Account
  readonly server: ServerFacts
  readonly client: Client
  readonly list: ShownConversations
  readonly drafts: Drafts
  readonly notices: Notices
  /** The nodes that are known to do nothing: where `everthread dev` shows its nodes, the cluster's panel says it. */
  readonly silentNodes: Store<readonly string[]>
  /** Opens a conversation, or the list. */
  go(conversation: string | undefined): void
  signOut(): void
}

export const WorkspaceContext = createContext<Workspace | undefined>(undefined)

export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext)
  if (!workspace) throw new Error("Nobody is signed in here.")
  return workspace
}
