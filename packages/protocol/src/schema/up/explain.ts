/** Turns what a schema found wrong into the one error that a person reads: which field, why, and what the limit is. */
import type * as z from "zod"
import { type WireError, wireError } from "../../errors.ts"

type Issue = z.core.$ZodIssue

/** @param frame what was checked: an issue tells what was expected, not what was there. */
export function explainIssue(issue: Issue, frame: unknown): WireError {
  const field = issue.path.map(String).join(".")
  const limit = limitOf(issue)
  return wireError("invalid_field", {
    field,
    message: `${field}: ${reasonOf(issue, valueAt(frame, issue.path))}`,
    ...(limit === undefined ? {} : { limit }),
  })
}

function reasonOf(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return expectation(aOrAn(issue.expected), value)
    case "invalid_value":
      return expectation(`one of ${issue.values.map(String).join(", ")}`, value)
    case "invalid_union":
      return expectation("a JSON value", value)
    case "too_big":
    case "too_small":
      return sizeReason(issue, value)
    default:
      return issue.message
  }
}

function expectation(expected: string, value: unknown): string {
  return value === undefined
    ? `this field is missing; it takes ${expected}`
    : `this takes ${expected}, and got ${kindOf(value)}`
}

/** Texts bring their own sentence, which names the limit; numbers and lists get theirs here. */
function sizeReason(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall, value: unknown): string {
  if (typeof value === "string") {
    return issue.code === "too_big" ? `${issue.message}, this one has ${value.length}` : issue.message
  }
  const bound = issue.code === "too_big" ? `at most ${issue.maximum}` : `at least ${issue.minimum}`
  return Array.isArray(value)
    ? `this may have ${bound} entries, and has ${value.length}`
    : `this must be ${bound}, and is ${String(value)}`
}

function limitOf(issue: Issue): number | undefined {
  switch (issue.code) {
    case "too_big":
      return Number(issue.maximum)
    case "too_small":
      return Number(issue.minimum)
    case "custom":
      return typeof issue.params?.["limit"] === "number" ? issue.params["limit"] : undefined
    default:
      return undefined
  }
}

function valueAt(frame: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as { [key: PropertyKey]: unknown } | undefined)?.[key], frame)
}

function aOrAn(expected: string): string {
  if (expected === "int") return "a whole number"
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`
}

function kindOf(value: unknown): string {
  if (value === null) return "null"
  if (Array.isArray(value)) return "an array"
  if (typeof value === "number") return Number.isInteger(value) ? "a number" : "a number that is not whole"
  return aOrAn(typeof value)
}
