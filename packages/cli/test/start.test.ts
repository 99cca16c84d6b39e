/** The first lines of the README, `npm ci && npm start`: what a stranger sees before there is a server. */
import { spawnSync } from "node:child_process"
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../../", import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly scripts: { readonly start: string }
  readonly workspaces: readonly string[]
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "everthread-start-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Stands for each step: says that it was begun, and with what. */
function standIn(name: string): void {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\necho "${name} $*"\n`)
  chmodSync(path, 0o755)
}

test("npm start says that it builds before it does, and then serves", () => {
  for (const name of ["tsc", "npm", "node"]) standIn(name)
  const { stdout } = spawnSync("/bin/sh", ["-c", manifest.scripts.start], { env: { PATH: folder }, encoding: "utf8" })
  expect(stdout.split("\n").slice(0, -1)).toEqual([
    "Building (the first time takes a minute) …",
    "tsc -b",
    "node packages/cli/bin/everthread.mjs serve",
  ])
})

test("npm ci says nothing of a Node that is promised to be enough", () => {
  const files = [".npmrc", "package.json", "package-lock.json", ...manifest.workspaces.map((w) => `${w}/package.json`)]
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    copyFileSync(join(root, file), join(folder, file))
  }
  const ci = spawnSync("npm", ["ci", "--dry-run", "--offline"], { cwd: folder, encoding: "utf8" })
  expect(ci.status, ci.stderr).toBe(0)
  expect(ci.stderr).not.toContain("EBADENGINE")
  expect(ci.stdout).toMatch(/added \d+ packages/)
})
