/** A lane for each node, server and device: how it stood, what was done to it, and what it asked for. */

import { formatAt, formatCount, formatMs } from "./format.mjs"
import { eachWithin, outcomeNames } from "./operations.mjs"
import { fitted, fittedEnd, hatch, mark } from "./paint.mjs"
import { plot } from "./plot.mjs"
import { words } from "./texts.mjs"

const bandHeight = 7
const marksHeight = 16
const faultHeight = 13
const headHeight = 20
/** With so many in view each is drawn by itself. */
const singlyMax = 600
const columnWidth = 2

export function timeline({ data, operations, view, tooltip }) {
  const lanes = placed(data)
  const height = (lanes.at(-1)?.bottom ?? 0) + 6
  return plot({
    view,
    tooltip,
    label: words().timeline,
    height: () => height,
    draw: (pen, colours, frame) => {
      const patterns = { down: hatch(pen, colours.down, 1), paused: hatch(pen, colours.paused, -1) }
      for (const lane of lanes) {
        drawName(pen, colours, lane, frame)
        within(pen, frame, () => drawStates(pen, colours, patterns, lane, frame, data.ms))
      }
      within(pen, frame, () => drawOperations(pen, colours, lanes, operations, frame, view))
      within(pen, frame, () => {
        for (const lane of lanes) drawFaults(pen, colours, lane, frame)
      })
    },
    tell: (x, y, frame) => tellLane(lanes, operations, x, y, frame),
  })
}

/** Where each lane lies; faults of one lane that overlap lie below each other. */
function placed({ lanes, faults, operations }) {
  let top = 0
  let before
  return lanes.map((lane) => {
    const heads = lane.of !== before
    before = lane.of
    const rows = rowsOf(faults.filter(({ target }) => target === lane.name))
    const isDevice = lane.of === "device"
    const faultsTop = top + (heads ? headHeight : 0) + 3
    const marksTop = faultsTop + rows.length * faultHeight
    const bandTop = marksTop + (isDevice ? marksHeight : 3)
    const bottom = bandTop + (lane.states.length > 0 || rows.length === 0 ? bandHeight : 0) + 5
    const place = { ...lane, heads, rows, top, faultsTop, marksTop, bandTop, bottom }
    top = bottom
    return { ...place, device: isDevice ? operations.devices.indexOf(lane.name) : -1 }
  })
}

function rowsOf(faults) {
  const rows = []
  for (const fault of faults) {
    const row = rows.find((each) => each.at(-1).toMs <= fault.fromMs)
    if (row) row.push(fault)
    else rows.push([fault])
  }
  return rows
}

function within(pen, { left, right, height }, paint) {
  pen.save()
  pen.beginPath()
  pen.rect(left, 0, right - left, height)
  pen.clip()
  paint()
  pen.restore()
}

function drawName(pen, colours, { of, name, heads, top, bottom, bandTop, faultsTop }, { left, right }) {
  if (heads) {
    pen.fillStyle = colours.faint
    pen.fillText(words().of[of], 0, top + headHeight / 2 + 2)
  }
  pen.fillStyle = colours.ink
  pen.fillText(fittedEnd(pen, name, left - 10), 0, Math.min((faultsTop + bottom) / 2, bandTop + 3))
  pen.strokeStyle = colours.line
  pen.beginPath()
  pen.moveTo(0, Math.round(bottom) + 0.5)
  pen.lineTo(right, Math.round(bottom) + 0.5)
  pen.stroke()
}

function drawStates(pen, colours, patterns, { states, bandTop }, { x }, endMs) {
  for (const [index, { atMs, state }] of states.entries()) {
    const [from, to] = [x(atMs), x(states[index + 1]?.atMs ?? endMs)]
    const kind = state === "live" ? "up" : state === "away" ? "down" : state
    pen.fillStyle = patterns[kind] ?? colours.up
    pen.fillRect(from, bandTop, Math.max(to - from, 1), bandHeight)
    if (kind === "up") continue
    pen.strokeStyle = colours[kind]
    pen.lineWidth = 1
    pen.strokeRect(from + 0.5, bandTop + 0.5, Math.max(to - from - 1, 1), bandHeight - 1)
  }
}

function drawFaults(pen, colours, { rows, faultsTop }, { x, left, right }) {
  for (const [index, row] of rows.entries()) {
    for (const { fromMs, toMs, nemesis } of row) {
      const [from, to] = [x(fromMs), x(toMs)]
      if (to < left || from > right) continue
      const top = faultsTop + index * faultHeight
      pen.fillStyle = colours.fault
      pen.beginPath()
      pen.roundRect(from, top, Math.max(to - from, 3), faultHeight - 2, 2)
      pen.fill()
      const [shownFrom, shownTo] = [Math.max(from, left), Math.min(to, right)]
      if (shownTo - shownFrom < 30) continue
      pen.fillStyle = colours.canvas
      pen.fillText(fitted(pen, nemesis, shownTo - shownFrom - 8), shownFrom + 4, top + (faultHeight - 2) / 2 + 0.5)
    }
  }
}

function drawOperations(pen, colours, lanes, operations, frame, view) {
  const byDevice = new Map(lanes.flatMap((lane) => (lane.device === -1 ? [] : [[lane.device, lane]])))
  const shown = []
  eachWithin(operations, view, (index) => shown.push(index))
  if (shown.length <= singlyMax) drawSingly(pen, colours, byDevice, operations, frame, shown)
  else drawCounted(pen, colours, byDevice, operations, frame, shown)
}

/** Each from when it was asked for to when its outcome was known. */
function drawSingly(pen, colours, byDevice, { fromMs, tookMs, device, outcome, kind, firstToken }, { x }, shown) {
  for (const index of shown) {
    const lane = byDevice.get(device[index])
    if (lane === undefined) continue
    const y = lane.marksTop + (kind[index] === firstToken ? 3 : marksHeight / 2 + 1)
    const name = outcomeNames[outcome[index]]
    const [from, to] = [x(fromMs[index]), x(fromMs[index] + Math.max(tookMs[index], 0))]
    pen.strokeStyle = colours[name]
    pen.globalAlpha = 0.45
    pen.lineWidth = 1.2
    pen.beginPath()
    pen.moveTo(from, y)
    pen.lineTo(to, y)
    pen.stroke()
    pen.globalAlpha = 1
    mark(pen, colours, kind[index] === firstToken ? "firstToken" : name, to, y)
  }
}

/** How many in each column: the taller, the more. What was not acknowledged is marked above. */
function drawCounted(pen, colours, byDevice, { fromMs, device, outcome, kind, firstToken }, { x, left }, shown) {
  const columns = new Map()
  for (const index of shown) {
    if (kind[index] === firstToken) continue
    const column = Math.floor((x(fromMs[index]) - left) / columnWidth)
    const key = device[index] * 1e6 + column
    const counts = columns.get(key) ?? [0, 0, 0]
    counts[outcome[index]] += 1
    columns.set(key, counts)
  }
  for (const [key, [ok]] of columns) {
    const lane = byDevice.get(Math.floor(key / 1e6))
    if (lane === undefined || ok === 0) continue
    const height = Math.min(2 + 2 * Math.log2(ok + 1), marksHeight - 5)
    pen.fillStyle = colours.ok
    pen.fillRect(left + (key % 1e6) * columnWidth, lane.marksTop + marksHeight - 1 - height, columnWidth - 0.5, height)
  }
  drawTroubles(pen, colours, byDevice, columns, left)
}

/** One mark for all in so many columns, or they would hide each other. */
function drawTroubles(pen, colours, byDevice, columns, left) {
  const taken = new Set()
  for (const [key, [, refused, unknown]] of columns) {
    const lane = byDevice.get(Math.floor(key / 1e6))
    const place = Math.floor(key / 3)
    if (lane === undefined || refused + unknown === 0 || taken.has(place)) continue
    taken.add(place)
    const at = left + (key % 1e6) * columnWidth + 1
    mark(pen, colours, unknown > 0 ? "unknown" : "refused", at, lane.marksTop + 4, 1.6)
  }
}

function tellLane(lanes, operations, x, y, frame) {
  const lane = lanes.find(({ top, bottom }) => y >= top && y < bottom)
  if (lane === undefined || x < frame.left || x > frame.right) return []
  const at = frame.ms(x)
  const slack = (3 / (frame.right - frame.left)) * frame.span
  const faults = lane.rows.flat().filter(({ fromMs, toMs }) => fromMs - slack <= at && at <= toMs + slack)
  return [
    `${lane.name} · ${formatAt(at, 10)}`,
    ...stateAt(lane, at),
    ...faults.map(({ nemesis, what, fromMs, toMs }) => `${nemesis}: ${what} (${formatMs(toMs - fromMs)})`),
    ...operationsAt(lane, operations, at, slack),
  ]
}

function stateAt({ states }, at) {
  const state = states.findLast(({ atMs }) => atMs <= at)
  if (state === undefined) return []
  const { state: names, on } = words()
  return [state.node === undefined ? names[state.state] : `${names[state.state]} ${on} ${state.node}`]
}

function operationsAt({ device }, operations, at, slack) {
  if (device === -1) return []
  const found = []
  eachWithin(operations, { from: at - slack, to: at + slack }, (index) => {
    if (operations.device[index] === device) found.push(index)
  })
  const counts = outcomeNames.map((name, place) => [
    name,
    found.filter((index) => operations.outcome[index] === place && operations.kind[index] !== operations.firstToken)
      .length,
  ])
  if (found.length <= 3) return found.map((index) => tellOperation(operations, index))
  return counts.flatMap(([name, count]) => (count === 0 ? [] : [`${words().outcome[name]}: ${formatCount(count)}`]))
}

/** One operation in a line. */
export function tellOperation(operations, index) {
  const { kinds, kind, outcome, tookMs, code, codes, nodes, node, firstToken } = operations
  const { outcome: names, on, still, firstToken: token } = words()
  const took = tookMs[index] === -1 ? still : formatMs(tookMs[index])
  const where = node[index] === -1 ? "" : ` ${on} ${nodes[node[index]]}`
  if (kind[index] === firstToken) return `${token}: ${took}${where}`
  const why = code[index] === -1 ? "" : ` (${codes[code[index]]})`
  return `${kinds[kind[index]]}: ${names[outcomeNames[outcome[index]]]}${why}, ${took}${where}`
}
