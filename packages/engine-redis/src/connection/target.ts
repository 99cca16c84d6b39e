/** Where a deployment's Redis is, and how to get in. */
import type { ConnectionOptions } from "node:tls"

export interface ServerAddress {
  readonly host: string
  readonly port: number
}

export interface Target {
  /** Servers to ask first: one, or some of a cluster's, or the sentinels. */
  readonly seeds: readonly [ServerAddress, ...ServerAddress[]]
  readonly username?: string
  readonly password?: string
  readonly database: number
  /** Present for `rediss:`. */
  readonly tls?: Pick<ConnectionOptions, "ca" | "cert" | "key" | "servername" | "rejectUnauthorized">
  /** The seeds are sentinels, and this is what they call the master. */
  readonly sentinel?: { readonly master: string; readonly username?: string; readonly password?: string }
}
