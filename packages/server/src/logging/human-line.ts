/** A log line for a person at a terminal: `12:03:04.567 INFO  Listening  port=8765`. */

const colours: Readonly<Record<string, number>> = { warn: 33, error: 31, fatal: 31, debug: 2, trace: 2 }

/**
 * @param json one line as pino writes it.
 * @returns the same for people, ended by a line break; lists of texts, and stacks, on lines of their own.
 */
export function humanLine(json: string, coloured: boolean): string {
  const { level, time, msg, err, ...rest } = JSON.parse(json) as Record<string, unknown>
  const all = Object.entries(rest)
  const fields = all.filter(([, value]) => !isList(value)).map(([name, value]) => `  ${name}=${show(value)}`)
  const below = all.flatMap(([, value]) => (isList(value) ? value : [])).map((text) => `\n    ${text}`)
  const head = `${String(time).slice(11, 23)} ${String(level).toUpperCase().padEnd(5)}`
  const line = `${paint(head, coloured ? colours[String(level)] : undefined)} ${msg ?? ""}${fields.join("")}${below.join("")}`
  return `${line}${showError(err)}\n`
}

/** Such as commands, which are there to be copied. */
const isList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === "string")

function show(value: unknown): string {
  return typeof value === "string" && !/[\s"]/.test(value) ? value : JSON.stringify(value)
}

function showError(error: unknown): string {
  if (typeof error !== "object" || error === null) return ""
  const { stack, message } = error as { stack?: unknown; message?: unknown }
  return `\n    ${String(stack ?? message).replaceAll("\n", "\n    ")}`
}

function paint(text: string, colour: number | undefined): string {
  return colour === undefined ? text : `\u001b[${colour}m${text}\u001b[0m`
}
