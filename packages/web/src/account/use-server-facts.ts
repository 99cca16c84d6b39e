/** Asks the server what it is, once, and again when somebody asks for it or the network is back. */
import { useEffect, useState } from "react"
import { askServer, type ServerFacts } from "./server.ts"

export interface AskedServer {
  readonly facts: ServerFacts | undefined
  /** It was asked and did not answer. */
  readonly isLost: boolean
  retry(): void
}

export function useServerFacts(origin: string): AskedServer {
  const [facts, setFacts] = useState<ServerFacts>()
  const [isLost, setLost] = useState(false)
  const [tries, setTries] = useState(0)
  const retry = () => setTries((count) => count + 1)

  // biome-ignore lint/correctness/useExhaustiveDependencies: each try asks anew.
  useEffect(() => {
    let isCurrent = true
    const settle = (found: ServerFacts | undefined) => {
      if (!isCurrent) return
      setFacts(found)
      setLost(found === undefined)
    }
    askServer(origin).then(settle, () => settle(undefined))
    return () => {
      isCurrent = false
    }
  }, [origin, tries])

  useEffect(() => {
    addEventListener("online", retry)
    return () => removeEventListener("online", retry)
  })
  return { facts, isLost, retry }
}
