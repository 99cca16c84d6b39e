/** What the command line takes along of this package must not need what tests start servers with. */
import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const source = fileURLToPath(new URL("../../src/", import.meta.url))

/** @returns every file that is loaded with this one, and the packages that they import. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const text = readFileSync(file, "utf8")
  // What is imported as a type is gone when it runs.
  for (const [, clause = "", from = ""] of text.matchAll(/^(?:import|export) ([^"]*?)from "([^"]+)"/gm)) {
    if (clause.startsWith("type ")) continue
    if (from.startsWith(".")) loadedWith(join(dirname(file), from), seen)
    else seen.add(from)
  }
  return seen
}

test("an attack loads nothing that tests start servers with", () => {
  const loaded = [...loadedWith(join(source, "attack/index.ts"))]
  expect(loaded.filter((one) => one.startsWith(source)).every((file) => existsSync(file))).toBe(true)
  expect(loaded).toContain(join(source, "deployment/fault-link.ts"))
  expect(loaded).not.toContain("@everthread/stage")
})
