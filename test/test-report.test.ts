/** The last line of what proves a fresh clone says how many tests failed, so it must not say too few. */
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const script = fileURLToPath(new URL("../scripts/test-report.mjs", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "everthread-report-"))
afterAll(() => rmSync(folder, { recursive: true }))

const run = (...args: string[]) => execFileSync(process.execPath, [script, ...args], { cwd: folder, encoding: "utf8" })

/** @param files the outcome of each of a file's tests, by the file's name; none: it could not be loaded. */
function report(name: string, files: Readonly<Record<string, readonly string[]>>): string {
  const testResults = Object.entries(files).map(([file, outcomes]) => ({
    name: join(folder, file),
    status: outcomes.length > 0 && outcomes.every((outcome) => outcome !== "failed") ? "passed" : "failed",
    assertionResults: outcomes.map((status) => ({ status })),
  }))
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify({ testResults }))
  return path
}

const first = report("first", { "a.ts": ["passed", "skipped"], "b.ts": ["failed", "passed"], "c.ts": [] })

test("every failed test counts, and so does a file that cannot be loaded", () => {
  expect(run("count", first)).toBe("2 passed, 2 failed\n")
  expect(run("failed", first)).toBe("b.ts\nc.ts\n")
})

test("a file that was played again counts as it did then, and the others as they did at first", () => {
  expect(run("count", first, report("mended", { "b.ts": ["passed", "passed"] }))).toBe("3 passed, 1 failed\n")
  expect(run("count", first, report("worse", { "b.ts": ["failed", "failed"] }))).toBe("1 passed, 3 failed\n")
})

test("without a report nothing has passed", () => {
  expect(run("count", join(folder, "none"), join(folder, "none"))).toBe("0 passed, 0 failed\n")
  expect(run("failed", join(folder, "none"))).toBe("")
})
