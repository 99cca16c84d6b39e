/** A fingerprint of every schema, so that a change cannot go unnoticed. (SPEC PRO1) */
import { describe } from "./definitions.ts"

/** @returns SHA-256 of the schemas as JSON Schema, in hexadecimal; the order in which keys are written does not matter. */
export async function schemaHash(): Promise<string> {
  const text = JSON.stringify(sorted(describe("draft-2020-12", "#/$defs/")))
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("")
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== "object" || value === null) return value
  const entries = Object.entries(value).map(([key, part]) => [key, sorted(part)] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
