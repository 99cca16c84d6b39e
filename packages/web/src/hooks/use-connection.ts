/** How the connection is, and what its last welcome said. */
import type { Client, ConnectionState, Welcome } from "@everthread/client"
import { useRef, useSyncExternalStore } from "react"

export function useConnection(client: Client): ConnectionState {
  return useSyncExternalStore(
    (listener) => client.onState(listener),
    () => client.state,
  )
}

/** It is kept while there is no connection: agents do not go because a tunnel comes. */
export function useWelcome(client: Client): Welcome | undefined {
  const state = useConnection(client)
  const last = useRef<Welcome>(undefined)
  if (state.name === "open") last.current = state.welcome
  return last.current
}
