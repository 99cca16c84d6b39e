/**
 * Whom an attack may hit. What is on this machine's own loopback is somebody's test; anything else may be where people work, so it is
 * refused unless that was said twice: that it may be harmed, and which host is meant.
 */

export interface Victim {
  readonly host: string
  readonly port: number
}

export interface Permission {
  readonly mayHarm: boolean
  /** As the addresses name them. */
  readonly hosts: readonly string[]
}

/** @returns `undefined` for what is no `ws://host:port`. TLS ends before the nodes, and what is cut is the way to a node. */
export function victimOf(url: string): Victim | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || parsed.protocol !== "ws:" || parsed.hostname === "") return undefined
  if (parsed.pathname !== "/" || parsed.search !== "" || parsed.username !== "") return undefined
  return { host: bare(parsed.hostname), port: Number(parsed.port || 80) }
}

/** @returns the hosts that may not be harmed, each once. */
export function refusedHosts(hosts: readonly string[], permission: Permission): readonly string[] {
  const may = (host: string) => isLoopback(host) || (permission.mayHarm && permission.hosts.includes(host))
  return [...new Set(hosts)].filter((host) => !may(host))
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}

/** An IPv6 address without its brackets. */
const bare = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, "$1")
