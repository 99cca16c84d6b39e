/** Which screen is shown: looking for the server, asking who it is, or the conversations. */
import { useState } from "react"
import type { Account } from "./account/account.ts"
import { keepAccount, keptAccount } from "./account/account.ts"
import type { ServerFacts } from "./account/server.ts"
import { SignIn } from "./account/sign-in.tsx"
import { SignedIn } from "./account/signed-in.tsx"
import { useServerFacts } from "./account/use-server-facts.ts"
import { useTexts } from "./hooks/use-texts.ts"
import { browserKeep } from "./platform/keep.ts"
import { Button } from "./ui/button.tsx"

export function App() {
  const { facts, isLost, retry } = useServerFacts(location.origin)
  if (facts) return <WithServer server={facts} />
  return <Looking isLost={isLost} retry={retry} />
}

function WithServer({ server }: { readonly server: ServerFacts }) {
  const [account, setAccount] = useState(() => keptAccount(browserKeep, server.needsToken))
  const [refusal, setRefusal] = useState<string>()
  const enter = (next: Account | undefined) => {
    keepAccount(browserKeep, next)
    setRefusal(undefined)
    setAccount(next)
  }
  const refuse = (reason: string) => {
    enter(undefined)
    setRefusal(reason)
  }
  if (!account) return <SignIn needsToken={server.needsToken} refusal={refusal} enter={enter} />
  return (
    <SignedIn key={keyOf(account)} account={account} server={server} signOut={() => enter(undefined)} refuse={refuse} />
  )
}

function Looking({ isLost, retry }: { readonly isLost: boolean; retry(): void }) {
  const texts = useTexts()
  return (
    <main className="flex h-full flex-col items-center justify-center gap-4 p-6 text-center text-faint">
      <p role="status">{isLost ? texts.signIn.unreachable : texts.signIn.asking}</p>
      {isLost && (
        <Button look="primary" onClick={retry}>
          {texts.signIn.retry}
        </Button>
      )}
    </main>
  )
}

function keyOf(account: Account): string {
  return account.kind === "name" ? `name ${account.user}` : `token ${account.token}`
}
