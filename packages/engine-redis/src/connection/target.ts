/** Where a deployment's Redis is, and how to get in. */
import type { ConnectionOptions } from "node:tls"

export interface ServerAddress {
  readonly host: string
  readonly port: number
}

export interface Credentials {
  readonly username?: string
  readonly password?: string
}

export interface Target extends Credentials {
  /** Servers to ask first: one, or some of a cluster's, or the sentinels. */
  readonly seeds: readonly [ServerAddress, ...ServerAddress[]]
  readonly database: number
  /** Present for `rediss:`. */
  readonly tls?: Pick<ConnectionOptions, "ca" | "cert" | "key" | "servername" | "rejectUnauthorized">
  /** The seeds are sentinels, and this is what they call the master. */
  readonly sentinel?: Credentials & { readonly master: string }
}

/** What a server is called: `host:port`, with brackets where the host has colons of its own. */
export const serverName = ({ host, port }: ServerAddress): string =>
  host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`

/** How sentinels are reached: they have users of their own, and no databases. */
export const wayToSentinels = ({ tls, sentinel }: Target): Pick<Target, "tls" | "database"> & Credentials => ({
  ...(tls ? { tls } : {}),
  ...sentinel,
  database: 0,
})

export const isSame = (a: ServerAddress, b: ServerAddress): boolean => a.port === b.port && a.host === b.host
