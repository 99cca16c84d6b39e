/** Colours, or none: only on a terminal, and not where `NO_COLOR` is set. https://no-color.org */
import { styleText } from "node:util"

export type Style = "strong" | "dim" | "good" | "warn" | "bad" | "own" | "agent" | "struck"

export type Paint = (style: Style, text: string) => string

const formats = {
  strong: "bold",
  dim: "dim",
  good: "green",
  warn: "yellow",
  bad: "red",
  own: "cyan",
  agent: "magenta",
  struck: "strikethrough",
} as const satisfies Record<Style, string>

export const noPaint: Paint = (_style, text) => text

export const ansiPaint: Paint = (style, text) => styleText(formats[style], text, { validateStream: false })

export function paintFor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Paint {
  return isTerminal && !env["NO_COLOR"] && env["TERM"] !== "dumb" ? ansiPaint : noPaint
}
