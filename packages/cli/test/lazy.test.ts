/** What only some commands need is not loaded before anything is said: `--version` and every help answer at once. */
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const bin = fileURLToPath(new URL("../bin/everthread.mjs", import.meta.url))

/** Says each module that is loaded, on standard error, in the thread that loads them. */
const loader = `import { writeSync } from "node:fs"
export async function load(url, context, next) { writeSync(2, "loaded " + url + "\\n"); return next(url, context) }`
const hook = `import { register } from "node:module"; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(loader)}`)})`

/** @returns the packages that are loaded besides our own. */
function loadedBy(args: readonly string[], exitCode = 0): Set<string> {
  const load = `data:text/javascript,${encodeURIComponent(hook)}`
  const { stderr, status } = spawnSync(process.execPath, ["--import", load, bin, ...args], { encoding: "utf8" })
  expect(status, stderr).toBe(exitCode)
  const found = [...stderr.matchAll(/^loaded file:.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)]
  return new Set(found.map(([, name]) => name as string))
}

test.each([["--version"], ["serve", "--help"], ["chat", "--help"]])("%s %s", (...args) => {
  const loaded = loadedBy(args.filter((arg) => arg !== undefined))
  expect(loaded).toContain("commander")
  for (const name of [
    "zod",
    "jose",
    "yaml",
    "ws",
    "lmdb",
    "@redis/client",
    "@langchain/core",
    "@langchain/langgraph",
  ]) {
    expect(loaded).not.toContain(name)
  }
})

test("a node loads no store before it has to open one", () => {
  const loaded = loadedBy(["serve", "--graph", "./nothing.mjs:graph"], 1)
  expect(loaded).toContain("zod")
  for (const name of ["lmdb", "@redis/client"]) expect(loaded).not.toContain(name)
})
