/**
 * A plot as an SVG file: groups of bars, each with a line from the least to the most that was seen.
 *
 * It brings its own background, so that it reads the same on a light and on a dark page.
 */
import type { Spread } from "../measure/spread.ts"
import { type Scale, scaleOf } from "./plot-scale.ts"
import type { Plot } from "./section.ts"
import { wrapped } from "./wrapped.ts"

const width = 720
const height = 390
const left = 64
const right = 16
const top = 64
const bottom = 70
const colours = ["#8a8f98", "#2f6fde", "#16a37b", "#d97706", "#9333ea"]
const barWidthMax = 72
/** Of a letter, about. */
const letterWidth = 7
const reading = "A bar and its figure are the median of the rounds; its line goes from the least to the most."
const tenfold = "Each line behind is ten times the next."

/** How the plot is laid out: where a value stands, and the room of a group and of each of its bars. */
interface Layout {
  readonly y: (value: number) => number
  readonly room: number
  readonly bar: number
}

export function svgOf(plot: Plot): string {
  const scale = scaleOf(plot.series.flatMap(({ values }) => values.filter(isMeasured)))
  const layout = layoutOf(plot, scale)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escaped(plot.title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(left, 22, `${plot.title} (${plot.unit})`, 'font-size="15" font-weight="600"'),
    ...legend(plot),
    ...grid(scale, layout),
    ...plot.groups.flatMap((name, group) => groupOf(plot, name, group, layout)),
    text(
      left,
      height - 10,
      scale.isLogarithmic ? `${reading} ${tenfold}` : reading,
      'font-size="10" fill-opacity="0.65"',
    ),
    "</svg>",
    "",
  ].join("\n")
}

/** All bars are of one width: of as many as the fullest group has. */
function layoutOf(plot: Plot, scale: Scale): Layout {
  const room = (width - left - right) / plot.groups.length
  const barsMax = Math.max(...plot.groups.map((_, group) => barsIn(plot, group).length))
  return {
    y: (value) => height - bottom - scale.at(value) * (height - top - bottom),
    room,
    bar: Math.min((room * 0.92) / barsMax, barWidthMax),
  }
}

function legend({ series }: Plot): string[] {
  let x = left
  return series.flatMap(({ name }, index) => {
    const from = x
    x += 32 + name.length * letterWidth
    return [
      `<rect x="${from}" y="34" width="12" height="12" fill="${colours[index % colours.length]}"/>`,
      text(from + 17, 44, name),
    ]
  })
}

function grid({ lines }: Scale, { y }: Layout): string[] {
  return lines.flatMap((value) => [
    `<line x1="${left}" x2="${width - right}" y1="${round(y(value))}" y2="${round(y(value))}" stroke="#e2e5e9"/>`,
    text(left - 8, y(value) + 4, value.toLocaleString("en", { maximumSignificantDigits: 3 }), 'text-anchor="end"'),
  ])
}

/** What was not measured in this group takes no room in it. */
function groupOf(plot: Plot, name: string, group: number, layout: Layout): string[] {
  const middle = left + (group + 0.5) * layout.room
  const bars = barsIn(plot, group)
  const start = middle - (bars.length * layout.bar) / 2
  const names = wrapped(name, Math.floor(layout.room / letterWidth) - 1)
  return [
    ...bars.flatMap(({ value, colour }, at) => barOf(start + at * layout.bar, value, colour, layout)),
    ...names.map((line, at) => text(middle, height - bottom + 18 + at * 14, line, 'text-anchor="middle"')),
  ]
}

function barsIn({ series }: Plot, group: number): { value: Spread; colour: string }[] {
  return series.flatMap(({ values }, index) => {
    const value = values[group]
    return isMeasured(value) ? [{ value, colour: colours[index % colours.length] ?? "" }] : []
  })
}

/** What could not be measured is `null` in JSON. */
const isMeasured = (value: Spread | undefined | null): value is Spread => value !== undefined && value !== null

function barOf(x: number, { median, min, max }: Spread, colour: string, { y, bar }: Layout): string[] {
  const wide = bar * 0.9
  const middle = round(x + wide / 2)
  return [
    `<rect x="${round(x)}" y="${round(y(median))}" width="${round(wide)}" height="${round(y(0) - y(median))}" fill="${colour}"/>`,
    `<line x1="${middle}" x2="${middle}" y1="${round(y(min))}" y2="${round(y(max))}" stroke="#111827"/>`,
    text(middle, y(max) - 4, shortNumber(median), `text-anchor="middle" font-size="${bar < 26 ? 9 : 10}"`),
  ]
}

const text = (x: number, y: number, words: string, more = ""): string =>
  `<text x="${round(x)}" y="${round(y)}" fill="#111827"${more && ` ${more}`}>${escaped(words)}</text>`

const escaped = (words: string): string => words.replace(/&/g, "&amp;").replace(/</g, "&lt;")

const round = (value: number): number => Math.round(value * 10) / 10

const shortNumber = (value: number): string =>
  value >= 10_000 ? `${Math.round(value / 1_000)}k` : value >= 100 ? String(Math.round(value)) : value.toFixed(1)
