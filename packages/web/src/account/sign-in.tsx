/** Asks who it is: a name where authentication is off, a token where it is on. */
import { type FormEvent, useState } from "react"
import { useTexts } from "../hooks/use-texts.ts"
import { Button } from "../ui/button.tsx"
import { TextField } from "../ui/field.tsx"
import { SettingsMenu } from "../ui/settings-menu.tsx"
import { type Account, nameAccount, tokenAccount } from "./account.ts"

interface SignInProps {
  readonly needsToken: boolean
  /** Why the token of before is not taken any more. */
  readonly refusal: string | undefined
  enter(account: Account): void
}

export function SignIn({ needsToken, refusal, enter }: SignInProps) {
  const { signIn } = useTexts()
  const [typed, setTyped] = useState("")
  const [isWrong, setWrong] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const account = needsToken ? tokenAccount(typed) : nameAccount(typed)
    if (account) enter(account)
    else setWrong(true)
  }
  const wrong = needsToken ? signIn.badToken : signIn.badName
  const refused = refusal === undefined ? undefined : signIn.refused(refusal)
  return (
    <main className="flex min-h-full flex-col items-center justify-center gap-6 bg-panel p-4">
      <div className="flex items-center gap-2 text-xl font-semibold">
        <img src="/icon.svg" alt="" className="size-8" />
        Everthread
      </div>
      <form
        onSubmit={submit}
        className="flex w-full max-w-sm flex-col gap-3 rounded-2xl border border-line bg-raised p-6"
      >
        <h1 className="text-lg font-semibold">{needsToken ? signIn.tokenTitle : signIn.title}</h1>
        <p className="text-sm text-faint">{needsToken ? signIn.tokenAbout : signIn.about}</p>
        <TextField
          label={needsToken ? signIn.token : signIn.name}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          problem={isWrong ? wrong : refused}
          autoComplete={needsToken ? "off" : "username"}
          type={needsToken ? "password" : "text"}
          autoFocus
          required
        />
        <Button look="primary" type="submit" className="min-h-10">
          {signIn.enter}
        </Button>
      </form>
      <SettingsMenu />
    </main>
  )
}
