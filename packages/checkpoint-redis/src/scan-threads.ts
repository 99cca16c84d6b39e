/** Finding all threads by SCAN, where `keyPrefixOf` is the default one. It looks at every key of the server: for upkeep. */
import { threadIdOf, threadKeyPattern } from "./keys.ts"

/** What is used of node-redis: `createClient()`, or each master of `createCluster()`. */
export interface ScannedClient {
  scanIterator(options: { MATCH: string; COUNT: number }): AsyncIterable<readonly (string | Buffer)[]>
}

const keysPerScan = 1_000

/** @param clients one for each master. @returns each thread's id, perhaps more than once while slots move. */
export async function* scanThreads(clients: Iterable<ScannedClient>): AsyncGenerator<string> {
  for (const client of clients) {
    for await (const keys of client.scanIterator({ MATCH: threadKeyPattern, COUNT: keysPerScan })) {
      for (const key of keys) {
        const thread = threadIdOf(String(key))
        if (thread !== undefined) yield thread
      }
    }
  }
}
