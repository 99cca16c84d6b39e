/** What a page has to know of its server before it can say hello. */

export interface ServerFacts {
  /** Whether who connects has to bring a token. */
  readonly needsToken: boolean
  /** Where its native protocol is. */
  readonly socket: string
  /** What a page brings to `everthread dev`, where that is what serves it. */
  readonly dev?: string
}

/** @throws where nobody answers, or something that is no server of ours. */
export async function askServer(origin: string, ask: typeof fetch = fetch): Promise<ServerFacts> {
  const answer = await ask(`${origin}/`, { headers: { accept: "application/json" }, cache: "no-store" })
  const facts = (await answer.json()) as { readonly native?: unknown; readonly token?: unknown }
  if (typeof facts.native !== "string") throw new Error("This is no Everthread server.")
  const dev = answer.headers.get("everthread-dev")
  const socket = origin.replace(/^http/, "ws") + facts.native
  return { needsToken: facts.token === true, socket, ...(dev === null ? {} : { dev }) }
}
