/** The Node that the AI SDK runs on: it needs 22, and the tests run on 20 too. `scripts/node-24.sh` says which one it is. */
import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const script = fileURLToPath(new URL("../../../../../scripts/node-24.sh", import.meta.url))

/** @returns the program's path; nothing where there is none, and none could be fetched. @throws Error in CI, where one has to be. */
export function node24(): string | undefined {
  const found = execFileSync("bash", [script], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim()
  if (found === "" && process.env["CI"]) throw new Error("These tests need Node 24 or newer, and there is none.")
  return found === "" ? undefined : found
}
