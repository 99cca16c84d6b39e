/** Lets a child process run the TypeScript sources, as vitest does for its own: with Vite's compiler. */
import { readFile } from "node:fs/promises"
import { register } from "node:module"
import { fileURLToPath } from "node:url"
import { isMainThread } from "node:worker_threads"

// Node runs the hooks in a thread of their own, which loads this very file.
if (isMainThread) register(import.meta.url)

export async function load(url, context, next) {
  if (!url.endsWith(".ts")) return next(url, context)
  const { transformWithOxc } = await import("vite")
  const file = fileURLToPath(url)
  const { code } = await transformWithOxc(await readFile(file, "utf8"), file)
  return { format: "module", source: code, shortCircuit: true }
}
