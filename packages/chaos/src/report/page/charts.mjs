/** The charts, one below the other, all of the same part of the run. */
import { element } from "./element.mjs"
import { formatAt } from "./format.mjs"
import { latency } from "./latency.mjs"
import { overview } from "./overview.mjs"
import { coloursNow, hatch, mark } from "./paint.mjs"
import { rate } from "./rate.mjs"
import { words } from "./texts.mjs"
import { timeline } from "./timeline.mjs"

export function charts(world) {
  const text = words()
  return element(
    "section",
    { class: "charts", "aria-labelledby": "charts" },
    element("h2", { id: "charts" }, text.charts),
    bar(world),
    element("div", { class: "strip" }, overview(world)),
    element("p", { class: "note" }, text.chartNote),
    chart(text.timeline, timeline(world), legend(timelineKeys)),
    chart(text.latency, latency(world), legend(latencyKeys)),
    chart(text.rate, rate(world), legend(rateKeys)),
  )
}

const chart = (title, canvas, keys) =>
  element(
    "figure",
    {},
    element("figcaption", {}, element("h3", {}, title), keys),
    element("div", { class: "frame" }, canvas),
  )

function bar({ view }) {
  const text = words()
  const part = element("span", { class: "part" })
  const say = () => {
    const exactMs = view.to - view.from < 20_000 ? 100 : 1_000
    part.textContent = `${text.moment} ${formatAt(view.from, exactMs)} – ${formatAt(view.to, exactMs)}`
  }
  view.onChange(say)
  say()
  const button = (label, onclick) => element("button", { type: "button", onclick }, label)
  return element(
    "div",
    { class: "bar" },
    part,
    button(text.zoomIn, () => view.zoom(0.5)),
    button(text.zoomOut, () => view.zoom(2)),
    button(text.zoomAll, () => view.show(0, view.ms)),
  )
}

const outcomeKeys = ["ok", "refused", "unknown"].map((name) => [() => words().outcome[name], drawMark(name)])
const timelineKeys = [
  ...outcomeKeys,
  [() => words().fault, drawBlock("fault")],
  [() => `${words().state.up}, ${words().state.live}`, drawBlock("up")],
  [() => `${words().state.down}, ${words().state.away}`, drawHatched("down", 1)],
  [() => words().state.paused, drawHatched("paused", -1)],
]
const latencyKeys = [
  ...outcomeKeys,
  [() => words().firstToken, drawMark("firstToken")],
  [() => "p50", drawStroke("ink", [])],
  [() => "p99", drawStroke("accent", [4, 3])],
  [() => words().fault, drawShade],
]
const rateKeys = [
  [() => words().outcome.ok, drawBlock("ok")],
  [() => words().outcome.refused, drawHatched("refused", 1)],
  [() => words().outcome.unknown, drawHatched("unknown", -1)],
]

function legend(keys) {
  const items = keys.map(([name, draw]) => element("li", {}, swatch(draw), name()))
  return element("ul", { class: "legend" }, ...items)
}

const swatches = new Set()

function swatch(draw) {
  const canvas = element("canvas", {
    width: 16 * devicePixelRatio,
    height: 12 * devicePixelRatio,
    "aria-hidden": "true",
  })
  const redraw = () => {
    const pen = canvas.getContext("2d")
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
    pen.clearRect(0, 0, 16, 12)
    draw(pen, coloursNow())
  }
  swatches.add(redraw)
  redraw()
  return canvas
}

/** When the page turns dark or light. */
export function redrawLegends() {
  for (const redraw of swatches) redraw()
}

export const forgetLegends = () => swatches.clear()

function drawMark(name) {
  return (pen, colours) => mark(pen, colours, name, 8, 6, 2.6)
}

function drawBlock(name) {
  return (pen, colours) => {
    pen.fillStyle = colours[name]
    pen.fillRect(1, 2, 14, 8)
  }
}

function drawHatched(name, slope) {
  return (pen, colours) => {
    pen.fillStyle = hatch(pen, colours[name], slope)
    pen.fillRect(1, 2, 14, 8)
    pen.strokeStyle = colours[name]
    pen.strokeRect(1.5, 2.5, 13, 7)
  }
}

function drawStroke(name, dash) {
  return (pen, colours) => {
    pen.strokeStyle = colours[name]
    pen.lineWidth = 1.5
    pen.setLineDash(dash)
    pen.beginPath()
    pen.moveTo(0, 6)
    pen.lineTo(16, 6)
    pen.stroke()
  }
}

function drawShade(pen, colours) {
  pen.globalAlpha = 0.25
  drawBlock("fault")(pen, colours)
  pen.globalAlpha = 1
}
