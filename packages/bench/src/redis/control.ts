/** The bench's own connection to the server: it asks what the server counts about itself, and makes it empty. */
import { createClient } from "@redis/client"

/** What the server had counted at one moment. */
export interface Counts {
  /** Of the thread that runs commands, in microseconds. */
  readonly cpuUs: number
  /** Reads from connections that brought something: with one call at a time, one for each round trip. */
  readonly reads: number
  readonly usedBytes: number
  /** How often each command was called, by clients and by scripts. */
  readonly calls: ReadonlyMap<string, number>
}

export interface Control {
  send(...args: string[]): Promise<unknown>
  counts(): Promise<Counts>
  /** Nothing is left, and nothing of it is still being freed. */
  empty(): Promise<void>
  close(): void
}

const secondUs = 1_000_000

export async function openControl(url: string): Promise<Control> {
  const client = createClient({ url, RESP: 2, disableClientInfo: true, socket: { reconnectStrategy: false } })
  client.on("error", () => undefined)
  await client.connect()
  const send = (...args: string[]) => client.sendCommand(args)
  return {
    send,
    counts: async () => parseCounts(String(await send("INFO", "cpu", "stats", "memory", "commandstats"))),
    empty: async () => void (await send("FLUSHALL", "SYNC")),
    close: () => client.destroy(),
  }
}

export function parseCounts(info: string): Counts {
  const fields = new Map(
    [...info.matchAll(/^([^:\r\n]+):(.*?)\r?$/gm)].map(([, name = "", value = ""]) => [name, value]),
  )
  const number = (name: string) => {
    const value = Number(fields.get(name) ?? Number.NaN)
    if (Number.isNaN(value)) throw new Error(`the server does not say its ${name}`)
    return value
  }
  const calls = [...fields].flatMap(([name, value]): [string, number][] =>
    name.startsWith("cmdstat_") ? [[name.slice("cmdstat_".length), Number(/calls=(\d+)/.exec(value)?.[1])]] : [],
  )
  return {
    cpuUs: (number("used_cpu_user_main_thread") + number("used_cpu_sys_main_thread")) * secondUs,
    reads: number("total_reads_processed"),
    usedBytes: number("used_memory"),
    calls: new Map(calls),
  }
}
