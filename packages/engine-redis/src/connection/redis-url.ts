/**
 * A deployment's Redis as one URL:
 *
 *     redis://[user:password@]host[:port][,host:port…][/database]     one server, or some of a cluster's
 *     redis://sentinel-1:26379,sentinel-2:26379?sentinel=mymaster     the sentinels, and their master's name
 *     rediss://…                                                      the same with TLS
 *
 * Options behind the question mark:
 *
 *     sentinel=NAME                           the hosts are sentinels, and this is what they call the master
 *     sentinelUser=…  sentinelPassword=…      the sentinels' own, where they have some
 *     ca=/path/ca.pem                         the authority that signed the servers' certificates
 *     servername=NAME                         the name that is on the certificate, where it is not the host's
 *     insecure=1                              any certificate will do: encrypted, and with whom nobody knows
 *
 * What is behind it, a single server or a cluster, the server itself says.
 */
import { readFileSync } from "node:fs"
import { EngineError } from "@everthread/engine"
import type { Credentials, ServerAddress, Target } from "./target.ts"

const defaultPort = 6379

/** @throws EngineError `unusable` that says what is wrong, without a password. */
export function parseRedisUrl(text: string): Target {
  const [, scheme, credentials, hosts = "", path = "", query = ""] =
    /^(rediss?):\/\/(?:([^@/?]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/.exec(text) ?? []
  if (scheme === undefined) throw unusable("it has to begin with redis:// or rediss://")
  const [first, ...more] = hosts.split(",").map(parseAddress)
  if (!first) throw unusable("it names no host")
  const database = path === "" ? 0 : Number(path)
  if (!Number.isInteger(database) || database < 0)
    throw unusable("what follows the host's slash is a database's number")
  const options = new URLSearchParams(query)
  for (const name of options.keys()) {
    if (!known.has(name))
      throw unusable(`it has an unknown option ${JSON.stringify(name)}; known are ${[...known].join(", ")}`)
  }
  const master = options.get("sentinel")
  return {
    seeds: [first, ...more],
    database,
    ...credentialsOf(credentials),
    ...(scheme === "rediss" ? { tls: tlsOf(options) } : {}),
    ...(master === null ? {} : { sentinel: { master, ...sentinelCredentialsOf(options) } }),
  }
}

const known = new Set(["sentinel", "sentinelUser", "sentinelPassword", "ca", "servername", "insecure"])

function parseAddress(text: string): ServerAddress {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]*))(?::(\d+))?$/.exec(text) ?? []
  const host = bracketed ?? plain
  if (!host) throw unusable(`${JSON.stringify(text)} is not host or host:port`)
  const number = port === undefined ? defaultPort : Number(port)
  if (number < 1 || number > 65_535) throw unusable(`port ${number} is not between 1 and 65535`)
  return { host, port: number }
}

function credentialsOf(text: string | undefined): Credentials {
  if (text === undefined || text === "") return {}
  const colon = text.indexOf(":")
  const username = decodeURIComponent(colon < 0 ? text : text.slice(0, colon))
  const password = colon < 0 ? undefined : decodeURIComponent(text.slice(colon + 1))
  return { ...(username === "" ? {} : { username }), ...(password === undefined ? {} : { password }) }
}

function sentinelCredentialsOf(options: URLSearchParams): Credentials {
  const username = options.get("sentinelUser")
  const password = options.get("sentinelPassword")
  return { ...(username === null ? {} : { username }), ...(password === null ? {} : { password }) }
}

function readCa(file: string): string {
  try {
    return readFileSync(file, "utf8")
  } catch (error) {
    throw unusable(`its ca=${file} cannot be read: ${error instanceof Error ? error.message : error}`)
  }
}

function tlsOf(options: URLSearchParams): NonNullable<Target["tls"]> {
  const servername = options.get("servername")
  const ca = options.get("ca")
  return {
    ...(ca === null ? {} : { ca: readCa(ca) }),
    ...(servername === null ? {} : { servername }),
    ...(options.get("insecure") === "1" ? { rejectUnauthorized: false } : {}),
  }
}

const unusable = (why: string) => new EngineError("unusable", `redis.url cannot be read: ${why}.`)
