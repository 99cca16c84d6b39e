/** The servers that were found, one on each line. */
import { type ExaminedServer, type Percentiles, serverName } from "@everthread/engine-redis"
import type { Paint } from "../chat/style.ts"
import { fit, widest } from "../demo-cluster/cells.ts"
import type { DoctorTexts } from "./texts.ts"

const columns = ["server", "role", "version", "memory", "disk", "replicas", "ping", "append"] as const
type Row = Readonly<Record<(typeof columns)[number], string>>

const gap = "  "
const mebibyte = 1_048_576

export function serverTable(servers: readonly ExaminedServer[], texts: DoctorTexts, paint: Paint): string[] {
  const rows = [texts.head, ...servers.map((server) => rowOf(server, texts))]
  const widths = columns.map((column) => widest(rows.map((row) => row[column])))
  return rows.map((row, index) => {
    const line = columns.map((column, at) => fit(row[column], widths[at] ?? 0)).join(gap)
    return gap + (index === 0 ? paint("dim", line.trimEnd()) : line.trimEnd())
  })
}

function rowOf(server: ExaminedServer, texts: DoctorTexts): Row {
  const { facts, ping, append } = server
  const name = serverName(server.address)
  const times = { ping: timesOf(ping, texts), append: timesOf(append, texts) }
  if (!facts) {
    const { unseen: role } = texts.roles
    return { ...times, server: name, role, version: texts.unseen, memory: "", disk: "", replicas: "" }
  }
  const { role, product, version, usedBytes, maxBytes } = facts
  const bound = maxBytes === 0 ? texts.noBound : `${megabytes(maxBytes)} MB`
  return {
    ...times,
    server: name,
    role: texts.roles[role.kind],
    version: `${product} ${version}`,
    memory: `${megabytes(usedBytes)} MB / ${bound}`,
    disk: facts.appendsToFile ? (facts.settings.get("appendfsync") ?? texts.unknown) : texts.noFile,
    replicas: role.kind === "master" ? String(role.replicas.filter(({ isOnline }) => isOnline).length) : "",
  }
}

const megabytes = (bytes: number): string => (bytes / mebibyte).toFixed(bytes < 10 * mebibyte ? 1 : 0)

function timesOf(times: Percentiles | undefined, { milliseconds }: DoctorTexts): string {
  return times ? `${times.p50.toFixed(2)}/${times.p99.toFixed(2)} ${milliseconds}` : ""
}
