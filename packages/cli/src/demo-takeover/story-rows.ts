/** The scene as it changes: who speaks, and beside each other what the devices show; what was taken back is struck. */
import { clean } from "../chat/clean.ts"
import type { Paint, Style } from "../chat/style.ts"
import { rowsOf } from "../chat/wrap.ts"
import { fit } from "../demo-cluster/cells.ts"
import type { Spectator } from "./spectator.ts"
import type { TakeoverTexts } from "./texts.ts"

export interface StoryOptions {
  readonly columns: number
  readonly paint: Paint
  readonly texts: TakeoverTexts
  /** By the monotonic clock. */
  readonly nowMs: number
}

export type Speaker =
  | { readonly state: "nobody" }
  | { readonly state: "speaking"; readonly node: number; readonly attempt: number }
  | { readonly state: "silent"; readonly sinceMs: number }
  | { readonly state: "done"; readonly node: number }

interface StyledRow {
  readonly style: Style | undefined
  readonly text: string
}

const indent = "    "
const divider = " │ "
/** Of the story, the newest. */
const rowsShown = 16
const columnMin = 10

export function storyRows(devices: readonly Spectator[], speaker: Speaker, options: StoryOptions): string[] {
  const { columns, paint, texts } = options
  const room = columns - 1 - indent.length - divider.length * (devices.length - 1)
  const width = Math.max(Math.floor(room / devices.length), columnMin)
  const join = (cells: readonly string[]) => (indent + cells.join(paint("dim", divider))).trimEnd()
  const heads = devices.map(({ name, node }) => paint("strong", fit(`${name} · ${placeOf(node, texts)}`, width)))
  const bodies = devices.map((device) => bodyOf(device, width, texts).slice(-rowsShown))
  const height = Math.max(...bodies.map((body) => body.length))
  const rows = Array.from({ length: height }, (_, row) => join(bodies.map((body) => cellOf(body[row], width, paint))))
  return [indent + statusOf(speaker, options), join(heads), ...rows]
}

const placeOf = (node: number | undefined, texts: TakeoverTexts) =>
  node === undefined ? texts.reconnecting : texts.node(node)

function cellOf(row: StyledRow | undefined, width: number, paint: Paint): string {
  const cell = fit(row?.text ?? "", width)
  return row?.style === undefined ? cell : paint(row.style, cell)
}

function statusOf(speaker: Speaker, { paint, texts, nowMs }: StoryOptions): string {
  switch (speaker.state) {
    case "nobody":
      return paint("dim", texts.nobodyYet)
    case "speaking":
      return paint("good", texts.speaks(speaker.node, speaker.attempt))
    case "done":
      return paint("good", texts.done(speaker.node))
    case "silent":
      return paint("warn", texts.silent(((nowMs - speaker.sinceMs) / 1_000).toFixed(1)))
  }
}

/** The chapters; what was taken back stands, struck, before the chapter that tells it again. */
function bodyOf({ shown }: Spectator, width: number, { struck }: TakeoverTexts): StyledRow[] {
  const { chapters, retracted, keptChapters } = shown
  const rows = (style: Style | undefined, text: string): StyledRow[] =>
    rowsOf(clean(text), width).map((row) => ({ style, text: row }))
  const told = (from: number, to?: number) => chapters.slice(from, to).flatMap((text) => rows(undefined, text))
  const taken = retracted.flatMap((text) => rows("struck", `${struck} ${text}`))
  return [...told(0, keptChapters), ...taken, ...told(keptChapters)]
}
