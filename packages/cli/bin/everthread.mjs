#!/usr/bin/env node
// Starts the command. Plain JavaScript, so that an old Node gets a sentence rather than a syntax error, and so that
// `npx everthread` works in a fresh checkout, where nothing is built yet.
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Everthread needs Node.js 20.19 or newer, and this is ${process.version}. Get one from https://nodejs.org`,
  )
  process.exit(1)
}

const main = new URL("../dist/main.js", import.meta.url)
if (!existsSync(main)) buildCheckout()
const { run } = await import(main.href)
await run(process.argv.slice(2))

function buildCheckout() {
  const root = fileURLToPath(new URL("../../../", import.meta.url))
  const compiler = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url))
  if (!existsSync(compiler)) {
    console.error("This checkout is not installed yet. Run: npm ci")
    process.exit(1)
  }
  console.error("Building the checkout first …")
  const webApp = fileURLToPath(new URL("../../web/build/build.mjs", import.meta.url))
  for (const step of [[compiler, "-b"], [webApp]]) {
    const built = spawnSync(process.execPath, step, { cwd: root, stdio: ["ignore", 2, 2] })
    if (built.status !== 0) process.exit(1)
  }
}
