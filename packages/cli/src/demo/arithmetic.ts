/**
 * Works out arithmetic: + - * / ^ % and brackets, by precedence climbing. No `eval`: the text comes from
 * people.
 */
interface Reader {
  readonly tokens: readonly string[]
  at: number
}

const operators: { readonly [sign: string]: { readonly level: number; apply(a: number, b: number): number } } = {
  "+": { level: 1, apply: (a, b) => a + b },
  "-": { level: 1, apply: (a, b) => a - b },
  "*": { level: 2, apply: (a, b) => a * b },
  "/": { level: 2, apply: (a, b) => a / b },
  "%": { level: 2, apply: (a, b) => a % b },
  "^": { level: 3, apply: (a, b) => a ** b },
}

/** @throws Error with a sentence that says what is wrong with the text. */
export function workOut(text: string): number {
  const reader: Reader = { tokens: text.match(/\d+(?:\.\d+)?|\S/g) ?? [], at: 0 }
  const value = sum(reader, 1)
  if (reader.at < reader.tokens.length)
    throw new Error(`I do not understand "${reader.tokens[reader.at]}" in "${text}".`)
  if (!Number.isFinite(value)) throw new Error(`"${text}" has no finite value.`)
  return value
}

function sum(reader: Reader, level: number): number {
  let value = term(reader)
  for (;;) {
    const operator = operators[reader.tokens[reader.at] ?? ""]
    if (!operator || operator.level < level) return value
    reader.at += 1
    // A power binds to the right: 2^3^2 is 2^9.
    value = operator.apply(value, sum(reader, operator.level === 3 ? 3 : operator.level + 1))
  }
}

function term(reader: Reader): number {
  const token = reader.tokens[reader.at++]
  if (token === "-") return -sum(reader, 3)
  if (token === "(") {
    const value = sum(reader, 1)
    if (reader.tokens[reader.at++] !== ")") throw new Error("A bracket is not closed.")
    return value
  }
  if (token !== undefined && /^\d/.test(token)) return Number(token)
  throw new Error(token === undefined ? "The calculation ends too early." : `I do not understand "${token}".`)
}
