/**
 * Writes what is made from the protocol's schemas: docs/protocol/schema.json, docs/protocol/asyncapi.json
 * and packages/protocol/schema-hash.json. Run it after `npm run build`.
 *
 * It refuses when the schemas changed and `protocolVersion` did not: clients in the field would meet frames
 * that their version does not know. `--unreleased` is for a version that nobody has been given yet.
 */
import { readFile, writeFile } from "node:fs/promises"
import { protocolVersion } from "@everthread/protocol"
import { protocolAsyncApi, protocolJsonSchema, schemaHash } from "@everthread/protocol/schema"

const root = new URL("..", import.meta.url)
const hashFile = new URL("packages/protocol/schema-hash.json", root)

const json = (value) => `${JSON.stringify(value, null, 2)}\n`

async function committed() {
  try {
    return JSON.parse(await readFile(hashFile, "utf8"))
  } catch (error) {
    if (error.code === "ENOENT") return undefined
    throw error
  }
}

const before = await committed()
const now = { version: protocolVersion, hash: await schemaHash() }
const unreleased = process.argv.includes("--unreleased")

if (before && before.hash !== now.hash && now.version <= before.version && !unreleased) {
  console.error(`The schemas changed since version ${before.version} of the protocol was recorded.
Raise protocolVersion in packages/protocol/src/version.ts, build, and run this again;
or, if version ${before.version} was never released, run it with --unreleased.`)
  process.exit(1)
}

await writeFile(new URL("docs/protocol/schema.json", root), json(protocolJsonSchema()))
await writeFile(new URL("docs/protocol/asyncapi.json", root), json(protocolAsyncApi()))
await writeFile(hashFile, json(now))
