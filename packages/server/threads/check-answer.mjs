/**
 * The thread in which answers are checked against a question's JSON Schema: plain JavaScript, because a thread of Node 20
 * starts from a file as it is. It knows nothing but what it is sent, and whoever sent it waits only so long.
 *
 * Takes `{ schema, value }`, both as JSON text. Gives `{ fits: true }`, `{ fits: false, path, reason }` with the place
 * inside the value, or `{ unusable }` with what is wrong with the schema.
 */
import { parentPort } from "node:worker_threads"
import { Validator } from "@cfworker/json-schema"

/** Where a schema says no draft, it is of the newest: what zod and LangChain make. */
function draftOf({ $schema }) {
  const draft = typeof $schema === "string" ? /draft-0?([47])/.exec($schema)?.[1] : undefined
  return draft ?? "2020-12"
}

/** `#/people/0/name`, with `~1` for a slash and `~0` for a tilde. (RFC 6901) */
function pathOf(location) {
  const parts = location.split("/").slice(1)
  return parts.map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"))
}

/** The first of those that lie deepest: the others say of what is around it that something in it is wrong. */
function deepest(errors) {
  const depth = ({ instanceLocation }) => instanceLocation.split("/").length
  return errors.reduce((found, error) => (depth(error) > depth(found) ? error : found))
}

function check(schema, value) {
  const { valid, errors } = new Validator(schema, draftOf(schema)).validate(value)
  if (valid) return { fits: true }
  const { instanceLocation, keyword, error } = deepest(errors)
  return { fits: false, path: pathOf(instanceLocation), reason: keyword === "false" ? "nothing may stand here" : error }
}

parentPort.on("message", ({ schema, value }) => {
  try {
    parentPort.postMessage(check(JSON.parse(schema), JSON.parse(value)))
  } catch (error) {
    parentPort.postMessage({ unusable: error instanceof Error ? error.message : String(error) })
  }
})
parentPort.postMessage("ready")
