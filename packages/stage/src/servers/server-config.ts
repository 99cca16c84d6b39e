/** What stands in a test server's configuration file. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Certificates } from "./certificates.ts"

/** Directives as redis.conf has them; several values repeat the directive. */
export type RedisConfig = Readonly<Record<string, string | number | readonly string[]>>

/** As durable as production has to be, and quick to bring up a replica. */
export const configDefault: RedisConfig = {
  save: "",
  appendonly: "yes",
  appendfsync: "always",
  "maxmemory-policy": "noeviction",
  "repl-diskless-sync-delay": 0,
}

/** The password of the default user, which replicas use as well. */
export function passwordConfig(password: string | undefined): RedisConfig {
  return password === undefined ? {} : { requirepass: password, masterauth: password }
}

/** With certificates there is only the encrypted port, also between the servers. */
export function portConfig(port: number, certificates: Certificates | undefined): RedisConfig {
  if (!certificates) return { bind: "127.0.0.1", port }
  return {
    bind: "127.0.0.1",
    port: 0,
    "tls-port": port,
    "tls-ca-cert-file": certificates.caFile,
    "tls-cert-file": certificates.certFile,
    "tls-key-file": certificates.keyFile,
    "tls-auth-clients": "no",
    "tls-replication": "yes",
    "tls-cluster": "yes",
  }
}

/** Writes the file once: what the server itself writes to it later (`CONFIG REWRITE`, Sentinel) survives restarts. */
export function writeConfig(folder: string, config: RedisConfig): string {
  const lines = Object.entries({ dir: `"${folder}"`, ...config }).flatMap(([name, value]) =>
    (typeof value === "object" ? value : [`${value}`]).map((text) => `${name} ${text === "" ? '""' : text}`),
  )
  const file = join(folder, "server.conf")
  writeFileSync(file, `${lines.join("\n")}\n`)
  return file
}
