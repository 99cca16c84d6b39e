/** Holds the workspace for as long as somebody is signed in, and shows the conversations in it. */
import { useEffect, useState } from "react"
import { usePreferences } from "../hooks/use-texts.ts"
import { textsOf } from "../i18n/language.ts"
import { Desk } from "../list/desk.tsx"
import { NoticeBar } from "../ui/notice-bar.tsx"
import { WorkspaceContext } from "../ui/workspace.ts"
import type { Account } from "./account.ts"
import { openWorkspace, runWorkspace } from "./open-workspace.ts"
import type { ServerFacts } from "./server.ts"

interface SignedInProps {
  readonly account: Account
  readonly server: ServerFacts
  signOut(): void
  /** The server takes this account no more. */
  refuse(reason: string): void
}

/** Whoever shows another account gives another key. */
export function SignedIn({ account, server, signOut, refuse }: SignedInProps) {
  const { language } = usePreferences()
  const [workspace] = useState(() =>
    openWorkspace({ account, server, signOut, texts: () => textsOf[language.snapshot()] }),
  )
  const [whenRefused] = useState(() => refuse)
  useEffect(() => runWorkspace(workspace, whenRefused), [workspace, whenRefused])
  return (
    <WorkspaceContext value={workspace}>
      <Desk />
      <NoticeBar />
    </WorkspaceContext>
  )
}
