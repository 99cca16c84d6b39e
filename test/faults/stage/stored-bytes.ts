/** Everything that a Redis has ever been made to write, as it stands in its append-only file. */
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import type { RedisServer } from "@everthread/stage"

export async function everWritten({ folder }: RedisServer): Promise<string> {
  const files = join(folder, "appendonlydir")
  const texts = (await readdir(files)).map((file) => readFile(join(files, file), "latin1"))
  return (await Promise.all(texts)).join("")
}
