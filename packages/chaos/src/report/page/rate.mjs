/** How many operations were asked for in each second, by outcome. */

import { formatAt, formatCount } from "./format.mjs"
import { eachWithin, outcomeNames } from "./operations.mjs"
import { hatch } from "./paint.mjs"
import { plot } from "./plot.mjs"
import { words } from "./texts.mjs"

const height = 110
const topRoom = 10
const widths = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000]

export function rate({ data, operations, view, tooltip }) {
  return plot({
    view,
    tooltip,
    label: words().rate,
    height: () => height,
    draw: (pen, colours, frame) => {
      const { bins, width } = counted(operations, view, frame)
      const most = Math.max(...[...bins.values()].map(({ counts }) => (sum(counts) * 1_000) / width), 1)
      shadeFaults(pen, colours, data, frame)
      drawScale(pen, colours, frame, most)
      drawBars(pen, colours, frame, bins, width, most)
    },
    tell: (x, _y, frame) => tellBin(operations, view, x, frame),
  })
}

/** Behind everything, so that what a fault does is seen where it is. */
export function shadeFaults(pen, colours, { faults }, { x, left, right, height }) {
  pen.fillStyle = colours.fault
  pen.globalAlpha = 0.13
  for (const { fromMs, toMs } of faults) {
    const [from, to] = [Math.max(x(fromMs), left), Math.min(x(toMs), right)]
    if (to >= left && from <= right) pen.fillRect(from, 0, Math.max(to - from, 1.5), height)
  }
  pen.globalAlpha = 1
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)

function counted(operations, view, { span, right, left }) {
  const width = widths.find((each) => each >= (5 / (right - left)) * span) ?? widths.at(-1)
  const bins = new Map()
  const { fromMs, outcome, kind, firstToken } = operations
  eachWithin(operations, { from: Math.floor(view.from / width) * width, to: view.to }, (index) => {
    if (kind[index] === firstToken) return
    const at = Math.floor(fromMs[index] / width) * width
    const bin = bins.get(at) ?? { at, counts: [0, 0, 0] }
    bin.counts[outcome[index]] += 1
    bins.set(at, bin)
  })
  return { bins, width }
}

function drawScale(pen, colours, { left, right }, most) {
  const step = 10 ** Math.floor(Math.log10(most)) * (most / 10 ** Math.floor(Math.log10(most)) > 4 ? 2 : 1)
  pen.textAlign = "right"
  pen.lineWidth = 1
  for (let value = 0; value <= most; value += step) {
    const at = Math.round(height - (value / most) * (height - topRoom)) - 0.5
    pen.strokeStyle = colours.line
    pen.beginPath()
    pen.moveTo(left, at)
    pen.lineTo(right, at)
    pen.stroke()
    pen.fillStyle = colours.faint
    pen.fillText(formatCount(value), left - 8, Math.max(at, 6))
  }
  pen.textAlign = "left"
}

function drawBars(pen, colours, { x, left, right }, bins, width, most) {
  const fills = [colours.ok, hatch(pen, colours.refused, 1), hatch(pen, colours.unknown, -1)]
  for (const { at, counts } of bins.values()) {
    const [from, to] = [Math.max(x(at), left), Math.min(x(at + width), right)]
    let base = height
    for (const [outcome, count] of counts.entries()) {
      const tall = ((count * 1_000) / width / most) * (height - topRoom)
      pen.fillStyle = fills[outcome]
      pen.fillRect(from, base - tall, Math.max(to - from - 1, 0.5), tall)
      base -= tall
    }
  }
}

function tellBin(operations, view, x, frame) {
  if (x < frame.left || x > frame.right) return []
  const { bins, width } = counted(operations, view, frame)
  const at = Math.floor(frame.ms(x) / width) * width
  const counts = bins.get(at)?.counts ?? [0, 0, 0]
  const { outcome, perSecond } = words()
  const lines = outcomeNames.map((name, place) => `${outcome[name]}: ${formatCount(counts[place])}`)
  return [
    `${formatAt(at, 10)} · ${formatCount(Math.round((sum(counts) * 1_000) / width))} ${perSecond}`,
    ...lines.filter((_, place) => place === 0 || counts[place] > 0),
  ]
}
