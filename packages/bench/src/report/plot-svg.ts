/**
 * A plot as an SVG file: groups of bars, each with a line from the least to the most that was seen.
 *
 * It brings its own background, so that it reads the same on a light and on a dark page.
 */
import type { Spread } from "../measure/spread.ts"
import type { Plot } from "./section.ts"

const width = 720
const height = 360
const left = 64
const right = 16
const top = 64
const bottom = 40
const colours = ["#8a8f98", "#2f6fde", "#16a37b", "#d97706", "#9333ea"]
const gridLines = 4

export function svgOf(plot: Plot): string {
  const highest = Math.max(...plot.series.flatMap(({ values }) => values.map((value) => value?.max ?? 0)))
  const topOfScale = niceAbove(highest)
  const y = (value: number) => height - bottom - (value / topOfScale) * (height - top - bottom)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escaped(plot.title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(left, 22, `${plot.title} (${plot.unit})`, 'font-size="15" font-weight="600"'),
    ...legend(plot),
    ...grid(topOfScale, y),
    ...plot.groups.flatMap((name, group) => groupOf(plot, name, group, y)),
    "</svg>",
    "",
  ].join("\n")
}

function legend({ series }: Plot): string[] {
  let x = left
  return series.flatMap(({ name }, index) => {
    const from = x
    x += 28 + name.length * 7
    return [
      `<rect x="${from}" y="34" width="12" height="12" fill="${colours[index % colours.length]}"/>`,
      text(from + 17, 44, name),
    ]
  })
}

function grid(topOfScale: number, y: (value: number) => number): string[] {
  return Array.from({ length: gridLines + 1 }, (_, index) => (topOfScale / gridLines) * index).flatMap((value) => [
    `<line x1="${left}" x2="${width - right}" y1="${round(y(value))}" y2="${round(y(value))}" stroke="#e2e5e9"/>`,
    text(left - 8, y(value) + 4, String(round(value)), 'text-anchor="end"'),
  ])
}

function groupOf(plot: Plot, name: string, group: number, y: (value: number) => number): string[] {
  const room = (width - left - right) / plot.groups.length
  const start = left + group * room + room * 0.1
  const bar = (room * 0.8) / plot.series.length
  const bars = plot.series.flatMap(({ values }, index) => {
    const value = values[group]
    return value ? barOf(start + index * bar, bar * 0.9, value, colours[index % colours.length] ?? "", y) : []
  })
  return [...bars, text(left + (group + 0.5) * room, height - bottom + 20, name, 'text-anchor="middle"')]
}

function barOf(x: number, wide: number, spread: Spread, colour: string, y: (value: number) => number): string[] {
  const { median, min, max } = spread
  const middle = round(x + wide / 2)
  return [
    `<rect x="${round(x)}" y="${round(y(median))}" width="${round(wide)}" height="${round(y(0) - y(median))}" fill="${colour}"/>`,
    `<line x1="${middle}" x2="${middle}" y1="${round(y(min))}" y2="${round(y(max))}" stroke="#111827"/>`,
    text(middle, y(max) - 4, shortNumber(median), 'text-anchor="middle" font-size="10"'),
  ]
}

const text = (x: number, y: number, words: string, more = ""): string =>
  `<text x="${round(x)}" y="${round(y)}" fill="#111827"${more && ` ${more}`}>${escaped(words)}</text>`

const escaped = (words: string): string => words.replace(/&/g, "&amp;").replace(/</g, "&lt;")

const round = (value: number): number => Math.round(value * 10) / 10

const shortNumber = (value: number): string =>
  value >= 10_000 ? `${Math.round(value / 1_000)}k` : value >= 100 ? String(Math.round(value)) : value.toFixed(1)

/** The next of 1, 2, 4, 8 … times a power of ten above it, so that the grid has round figures. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 1.2, 1.6, 2, 3, 4, 6, 8, 10].find((step) => step * power >= value) ?? 10) * power
}
