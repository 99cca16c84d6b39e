/** The client that the components below use. */
import { createContext, createElement, type ReactNode, useContext } from "react"
import type { Client } from "../client.ts"

const ClientContext = createContext<Client | undefined>(undefined)

export interface ClientProviderProps {
  /** Made outside of the components, and closed by whoever made it. */
  readonly client: Client
  readonly children?: ReactNode
}

export function ClientProvider({ client, children }: ClientProviderProps): ReactNode {
  return createElement(ClientContext.Provider, { value: client }, children)
}

/** @throws if there is no `ClientProvider` above. */
export function useClient(): Client {
  const client = useContext(ClientContext)
  if (!client) throw new Error("There is no <ClientProvider client={…}> above this component")
  return client
}
