/** Where the repository's files are, for tests that are about files. */
import { fileURLToPath } from "node:url"

const root = new URL("../../../", import.meta.url)

/** @param path from the repository's root. @returns the whole path. */
export function repositoryFile(path: string): string {
  return fileURLToPath(new URL(path, root))
}
