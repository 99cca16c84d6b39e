/** What is shown when the page itself broke: it says that nothing is lost, and offers the way back. */
import { Component, type ReactNode } from "react"
import { useTexts } from "../hooks/use-texts.ts"
import { Button } from "./button.tsx"

interface CrashProps {
  readonly children: ReactNode
}

export class Crash extends Component<CrashProps, { readonly isBroken: boolean }> {
  override state = { isBroken: false }

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true }
  }

  override render(): ReactNode {
    return this.state.isBroken ? <Broken /> : this.props.children
  }
}

function Broken() {
  const texts = useTexts()
  return (
    <main className="flex h-full flex-col items-center justify-center gap-4 p-6 text-center">
      <p>{texts.crashed}</p>
      <Button look="primary" onClick={() => location.reload()}>
        {texts.reload}
      </Button>
    </main>
  )
}
