/** The third scene: three devices beside each other, and what came of each answer on each of them. */
import { type ChatMessage, textOf } from "@everthread/protocol"
import { clean } from "../chat/clean.ts"
import type { Style } from "../chat/style.ts"
import { rowsOf } from "../chat/wrap.ts"
import { fit, widest } from "./cells.ts"
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

/** One row for each device, one column for each answer: the digest of its words. */
export function deviceRows(answers: readonly (readonly AnswerCount[])[], { paint, texts }: RowOptions): string[] {
  const names = answers[0]?.map(({ name }) => name) ?? []
  const nameWidth = widest(names)
  const heads = answers.map((answer, index) => texts.answer(index + 1, answer[0]?.outcome ?? ""))
  const widths = heads.map((head, index) => widest([head, ...(answers[index] ?? []).map(({ text }) => text)]))
  const line = (name: string, cells: readonly string[]) => indent + [fit(name, nameWidth), ...cells].join("  ")
  const head = line(
    "",
    heads.map((each, index) => paint("dim", fit(each, widths[index] ?? 0))),
  )
  const rows = names.map((name, row) => {
    const cells = answers.map((answer, index) => {
      const style = new Set(answer.map(({ text }) => text)).size === 1 ? "good" : "bad"
      return paint(style, fit(answer[row]?.text ?? "", widths[index] ?? 0))
    })
    return line(name, cells)
  })
  return [head, ...rows]
}
