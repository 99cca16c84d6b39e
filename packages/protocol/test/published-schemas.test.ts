/** The published documents say what the code checks. */
import { execFileSync } from "node:child_process"
import { readFile } from "node:fs/promises"
import { protocolVersion } from "@everthread/protocol"
import { definitions, protocolAsyncApi, protocolJsonSchema, schemaHash } from "@everthread/protocol/schema"
import { Ajv2020 } from "ajv/dist/2020.js"
import { expect, test } from "vitest"
import { downSamples, upSamples } from "./samples.ts"

const root = new URL("../../../", import.meta.url)
const committed = async (path: string): Promise<unknown> => JSON.parse(await readFile(new URL(path, root), "utf8"))
const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const rewrite = "They are made by `npm run build && node scripts/protocol-docs.mjs`."
const raise =
  "A schema changed. Raise protocolVersion in packages/protocol/src/version.ts, then run " +
  "`npm run build && node scripts/protocol-docs.mjs` and commit what it writes. (With --unreleased, if nobody " +
  "was given this version yet.)"

test("[PRO1] a changed schema raises the protocol's version", async () => {
  const recorded = await committed("packages/protocol/schema-hash.json")
  expect({ version: protocolVersion, hash: await schemaHash() }, raise).toEqual(recorded)
})

test("[PRO2] the committed JSON Schema is the one that the schemas make", async () => {
  expect(wire(protocolJsonSchema()), rewrite).toEqual(await committed("docs/protocol/schema.json"))
})

test("[PRO2] the committed AsyncAPI document is the one that the schemas make", async () => {
  expect(wire(protocolAsyncApi()), rewrite).toEqual(await committed("docs/protocol/asyncapi.json"))
})

/** In a process of its own: under the test runner's import conditions a dependency of the parser does not load. */
function parseAsyncApi(document: unknown): unknown {
  const script = new URL("parse-asyncapi.mjs", import.meta.url)
  return JSON.parse(execFileSync(process.execPath, [script.pathname], { input: JSON.stringify(document) }).toString())
}

test("[PRO2] the AsyncAPI document is valid and names every frame", () => {
  const up = Object.keys(upSamples).map((type) => `up.${type}`)
  const down = Object.keys(downSamples).map((type) => `down.${type}`)
  expect(parseAsyncApi(protocolAsyncApi())).toEqual({ errors: [], messages: [...up, ...down] })
  expect(parseAsyncApi({ ...protocolAsyncApi(), channels: 7 })).not.toHaveProperty("errors.length", 0)
})

const ajv = new Ajv2020({ strict: true, strictTypes: false })
ajv.addSchema(protocolJsonSchema(), "protocol")
const validator = (name: string) => ajv.compile({ $ref: `protocol#/$defs/${name}` })

test.each(Object.keys(definitions))("[PRO2] the definition %s compiles", (name) => {
  expect(validator(name)).toBeTypeOf("function")
})

test.each([
  ...Object.entries(upSamples).map(([type, frame]) => ["up", type, frame] as const),
  ...Object.entries(downSamples).map(([type, frame]) => ["down", type, frame] as const),
])("[PRO2] JSON Schema takes a good %s.%s frame and refuses a broken one", (side, type, frame) => {
  for (const name of [side, `${side}.${type}`]) {
    const validate = validator(name)
    expect(validate(frame), JSON.stringify(validate.errors)).toBe(true)
    expect(validate({ ...frame, type: "nonsense" })).toBe(false)
    for (const field of required(name)) expect(validate({ ...frame, [field]: undefined })).toBe(false)
  }
})

/** @returns the fields that a definition of one frame asks for; a union asks for none. */
function required(name: string): readonly string[] {
  const defs = protocolJsonSchema()["$defs"] as { readonly [name: string]: { readonly required?: readonly string[] } }
  return defs[name]?.required ?? []
}

test.each(["text", "title"])("[PRO2] JSON Schema refuses a blank %s too", (name) => {
  const validate = validator(name)
  expect([validate("hello"), validate(" \n"), validate("")]).toEqual([true, false, false])
})
