/** The configuration file's JSON Schema, for editors and for checks before a deployment. */
import { optionAt, optionPaths } from "./options.ts"

type Schema = Record<string, unknown>

export function configSchema(): Schema {
  const properties: Schema = {}
  for (const path of optionPaths) {
    const [head = "", name] = path.split(".")
    if (name === undefined) properties[head] = describe(path)
    else (section(properties, head)["properties"] as Schema)[name] = describe(path)
  }
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Everthread configuration",
    type: "object",
    additionalProperties: false,
    properties,
  }
}

/** A section may be empty in YAML, and is `null` then. */
function section(properties: Schema, name: string): Schema {
  const held = (properties[name] ?? { type: ["object", "null"], additionalProperties: false, properties: {} }) as Schema
  properties[name] = held
  return held
}

function describe(path: (typeof optionPaths)[number]): Schema {
  const { kind, fallback, unit, en } = optionAt(path)
  return {
    ...kind.schema,
    description: unit ? `${en} (${unit.en})` : en,
    ...(fallback === undefined ? {} : { default: fallback }),
  }
}
