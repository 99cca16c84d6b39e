/** The values that must appear nowhere, for whoever writes text that others read. (SPEC CFG3) */
import { optionAt, optionPaths, type Values } from "./options.ts"

export function secretsOf(values: Values): string[] {
  const secrets = optionPaths.filter((path) => optionAt(path).secret).map((path) => values[path])
  return secrets.filter((secret) => typeof secret === "string")
}
