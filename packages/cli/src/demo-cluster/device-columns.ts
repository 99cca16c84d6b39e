/** The third scene: three devices beside each other, and what came of each answer on each of them. */
import { type ChatMessage, textOf } from "@everthread/protocol"
import { clean } from "../chat/clean.ts"
import type { Style } from "../chat/style.ts"
import { rowsOf } from "../chat/wrap.ts"
import { clip, fit, widest } from "./cells.ts"
import type { AnswerCount } from "./counts.ts"
import type { Device } from "./device.ts"
import type { RowOptions } from "./people-rows.ts"

const indent = "    "
const divider = " │ "
/** Of the conversation, the newest. */
const rowsShown = 8
const columnMin = 10

interface StyledRow {
  readonly style: Style | undefined
  readonly text: string
}

export function deviceColumns(devices: readonly Device[], { columns, paint, texts }: RowOptions): string[] {
  const room = columns - 1 - indent.length - divider.length * (devices.length - 1)
  const width = Math.max(Math.floor(room / devices.length), columnMin)
  const join = (cells: readonly string[]) => indent + cells.join(paint("dim", divider))
  const heads = devices.map(({ name, node }) => paint("strong", fit(`${name} · ${texts.node(node.number)}`, width)))
  const bodies = devices.map((device) => transcriptRows(device, width).slice(-rowsShown))
  const rows = Array.from({ length: rowsShown }, (_, row) =>
    join(
      bodies.map((body) => {
        const { style, text } = body[row] ?? { style: undefined, text: "" }
        const cell = fit(text, width)
        return style === undefined ? cell : paint(style, cell)
      }),
    ),
  )
  return [join(heads), ...rows]
}

function transcriptRows(device: Device, width: number): StyledRow[] {
  const { messages, state } = device.conversation.snapshot()
  const rows = messages.flatMap((message) => messageRows(message, width))
  const question = state.interrupts.find(({ answer }) => answer === undefined)
  return question ? [...rows, { style: "warn", text: "? yes / no" }] : rows
}

function messageRows(message: ChatMessage, width: number): StyledRow[] {
  const text = clean(textOf(message)).replaceAll(/\n+/g, "\n")
  if (message.role === "user") return styled("own", rowsOf(`› ${text}`, width))
  if (text === "") return []
  const end = message.status === "stopped" ? " ■" : message.status === "streaming" ? "▍" : ""
  return styled(undefined, rowsOf(text + end, width))
}

function styled(style: Style | undefined, rows: readonly string[]): StyledRow[] {
  return rows.map((text) => ({ style, text }))
}

/** One row for each answer and device. */
export function deviceRows(answers: readonly (readonly AnswerCount[])[], options: RowOptions): string[] {
  const { columns, paint, texts } = options
  const nameWidth = widest(answers.flat().map(({ name }) => name))
  return answers.flatMap((answer, index) =>
    answer.map((count) => {
      const isSame = answer.every(({ text }) => text === count.text)
      const name = fit(count.name, nameWidth)
      const words = clip(texts.answer(index + 1, count), Math.max(columns - 3 - indent.length - nameWidth, 0))
      return `${indent}${paint("strong", name)}  ${paint(isSame ? "good" : "bad", words)}`
    }),
  )
}
