/**
 * Checking a parsed frame against the schemas: a command that is fit to act on, or one precise error.
 *
 * The frame's `type` picks the schema from a table, so that only one schema looks at it and an error
 * is about that command alone. (SPEC CON2)
 */
import { type WireError, wireError } from "../../errors.ts"
import { nearest } from "../../nearest.ts"
import { explainIssue } from "./explain.ts"
import { type UpFrame, type UpFrameType, upFrame } from "./index.ts"
import { requestId } from "./request.ts"

/** `id` is the request's, where one could be read: the error then answers that request. */
export type ReadUpFrame =
  | { readonly ok: true; readonly value: UpFrame }
  | { readonly ok: false; readonly error: WireError; readonly id?: number }

type UpSchema = (typeof upFrame.options)[number]

const schemas: ReadonlyMap<string, UpSchema> = new Map(
  upFrame.options.map((schema) => [schema.shape.type.value satisfies UpFrameType, schema]),
)

/**
 * Checks a frame from a client. Never throws. Fields that the schema does not know are dropped.
 *
 * @param frame what `parseFrame` gave; a deeper value than it lets through may overflow the stack.
 */
export function readUpFrame(frame: { readonly [key: string]: unknown }): ReadUpFrame {
  const { type } = frame
  if (typeof type !== "string") return refuse(frame, typeMissing())
  const schema = schemas.get(type)
  if (!schema) return refuse(frame, unknownCommand(type))
  const read = schema.safeParse(frame)
  if (read.success) return { ok: true, value: read.data }
  const [issue] = read.error.issues
  return refuse(frame, issue ? explainIssue(issue, frame) : wireError("invalid_field"))
}

function refuse(frame: { readonly [key: string]: unknown }, error: WireError): ReadUpFrame {
  const id = requestId.safeParse(frame["id"])
  return { ok: false, error, ...(id.success ? { id: id.data } : {}) }
}

function typeMissing(): WireError {
  return wireError("invalid_field", { field: "type", message: "type: every frame names its command, as a string" })
}

function unknownCommand(type: string): WireError {
  const near = nearest(type, schemas.keys())
  const hint = near ? `did you mean ${near}?` : `there are ${[...schemas.keys()].join(", ")}`
  return wireError("unknown_command", {
    field: "type",
    message: `There is no command ${shown(type)}; ${hint}`,
  })
}

/** A name that a stranger chose, short enough to be repeated to them. */
function shown(name: string): string {
  return JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name)
}
