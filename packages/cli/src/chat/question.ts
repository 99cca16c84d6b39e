/** What an agent asks, as a sentence where it has the usual shape, and as JSON where it has another. */
import type { Json } from "@everthread/protocol"
import { briefly } from "./clean.ts"

/** Questions are what people decide by: they are cut later than anything else. */
const questionCharsMax = 2_000

/**
 * @param value what the graph gave to `interrupt`: `{question, actions: [{name, args}]}` is the shape of approvals.
 * @returns one line.
 */
export function questionText(value: Json): string {
  const question = fieldsOf(value)?.["question"]
  if (typeof question !== "string") return briefly(value, questionCharsMax)
  const actions = fieldsOf(value)?.["actions"]
  const list = Array.isArray(actions) ? actions.map(actionText).join("; ") : ""
  return briefly(list === "" ? question : `${question} ${list}`, questionCharsMax)
}

/** `book_table (people: 4, when: tonight)` */
function actionText(action: Json): string {
  const { name, args } = fieldsOf(action) ?? {}
  if (typeof name !== "string") return briefly(action)
  const named = Object.entries(fieldsOf(args) ?? {}).map(([key, value]) => `${key}: ${briefly(value)}`)
  return named.length === 0 ? name : `${name} (${named.join(", ")})`
}

function fieldsOf(value: Json | undefined): { readonly [key: string]: Json } | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined
}
