/** How long each operation took, when it was asked for: on a logarithmic scale, because a fault makes a thousand of one. */

import { formatAt, formatCount, formatMs } from "./format.mjs"
import { eachWithin, outcomeNames, quantile } from "./operations.mjs"
import { mark } from "./paint.mjs"
import { plot } from "./plot.mjs"
import { shadeFaults } from "./rate.mjs"
import { words } from "./texts.mjs"

const height = 210
const topRoom = 12
const alphas = { ok: 0.5, firstToken: 0.45 }
const bins = 90
/** One mark for all that would lie within so many pixels of each other: those with a shape take more. */
const cellOf = (name) => (name === "ok" ? 2 : 6)

export function latency({ data, operations, view, tooltip }) {
  const decades = Math.max(Math.ceil(Math.log10(Math.max(slowest(operations), 100))), 2)
  const y = (ms) => height - 4 - (Math.log10(Math.max(ms, 1)) / decades) * (height - topRoom - 4)
  return plot({
    view,
    tooltip,
    label: words().latency,
    height: () => height,
    draw: (pen, colours, frame) => {
      shadeFaults(pen, colours, data, frame)
      drawScale(pen, colours, frame, decades, y)
      drawMarks(pen, colours, frame, operations, view, y)
      const lists = binned(operations, view)
      drawLine(pen, colours, frame, lists, 0.99, y)
      drawLine(pen, colours, frame, lists, 0.5, y)
    },
    tell: (x, _y, frame) => tellBin(operations, view, x, frame),
  })
}

function slowest({ tookMs }) {
  let most = 1
  for (const ms of tookMs) most = Math.max(most, ms)
  return most
}

function drawScale(pen, colours, { left, right }, decades, y) {
  pen.textAlign = "right"
  for (let power = 0; power <= decades; power++) {
    const at = Math.round(y(10 ** power)) + 0.5
    pen.strokeStyle = colours.line
    pen.lineWidth = 1
    pen.beginPath()
    pen.moveTo(left, at)
    pen.lineTo(right, at)
    pen.stroke()
    pen.fillStyle = colours.faint
    pen.fillText(power < 3 ? `${10 ** power} ms` : `${10 ** (power - 3)} s`, left - 8, at)
  }
  pen.textAlign = "left"
}

function drawMarks(pen, colours, { x, left }, operations, view, y) {
  const { fromMs, tookMs, outcome, kind, firstToken } = operations
  const taken = new Set()
  eachWithin(operations, view, (index) => {
    const name = kind[index] === firstToken ? "firstToken" : outcomeNames[outcome[index]]
    const [px, py] = [x(fromMs[index]), tookMs[index] === -1 ? topRoom - 6 : y(tookMs[index])]
    const cell = cellOf(name)
    const key = `${name} ${Math.floor((px - left) / cell)} ${Math.floor(py / cell)}`
    if (taken.has(key)) return
    taken.add(key)
    pen.globalAlpha = alphas[name] ?? 1
    mark(pen, colours, name, px, py, name === "ok" ? 1.3 : 1.8)
  })
  pen.globalAlpha = 1
}

/** How long what was acknowledged took, sorted, for each bin of the part that is shown. */
function binned(operations, view) {
  const width = (view.to - view.from) / bins
  const lists = Array.from({ length: bins }, () => [])
  const { fromMs, tookMs, outcome, kind, firstToken } = operations
  eachWithin(operations, view, (index) => {
    if (outcome[index] !== 0 || kind[index] === firstToken || tookMs[index] === -1) return
    lists[Math.min(Math.floor((fromMs[index] - view.from) / width), bins - 1)].push(tookMs[index])
  })
  return lists.map((list, index) => ({ at: view.from + (index + 0.5) * width, list: list.sort((a, b) => a - b) }))
}

/** With a rim, so that it is seen before many marks. */
function drawLine(pen, colours, { x }, lists, p, y) {
  const line = new Path2D()
  let isDown = false
  for (const { at, list } of lists) {
    if (list.length > 0) line[isDown ? "lineTo" : "moveTo"](x(at), y(quantile(list, p)))
    isDown = list.length > 0
  }
  pen.strokeStyle = colours.canvas
  pen.lineWidth = 4
  pen.stroke(line)
  pen.strokeStyle = p === 0.5 ? colours.ink : colours.accent
  pen.lineWidth = 1.5
  pen.setLineDash(p === 0.5 ? [] : [4, 3])
  pen.stroke(line)
  pen.setLineDash([])
}

function tellBin(operations, view, x, frame) {
  if (x < frame.left || x > frame.right) return []
  const lists = binned(operations, view)
  const { list } = lists[Math.min(Math.floor(((x - frame.left) / (frame.right - frame.left)) * bins), bins - 1)]
  const head = formatAt(frame.ms(x), 10)
  if (list.length === 0) return [head, `${words().outcome.ok}: 0`]
  return [
    head,
    `${words().outcome.ok}: ${formatCount(list.length)}`,
    `p50 ${formatMs(quantile(list, 0.5))} · p99 ${formatMs(quantile(list, 0.99))} · ${words().spread.max} ${formatMs(list.at(-1))}`,
  ]
}
