/**
 * One chart: a canvas over the part of the run that is shown, with the time below and the names at the left. Drags, wheels and
 * keys change the part for all charts; the moment that is pointed at is marked in all of them.
 */
import { element } from "./element.mjs"
import { formatAt } from "./format.mjs"
import { coloursNow } from "./paint.mjs"

const axisHeight = 20
const steps = [10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 18e5]

/** Room for names. */
const gutterOf = (width) => (width < 560 ? 74 : 128)

/**
 * @param height of what is drawn, for the width.
 * @param draw with a pen, the colours and the place of a moment.
 * @param tell what is under a place, in lines.
 */
export function plot({ view, tooltip, label, height, draw, tell }) {
  const canvas = element("canvas", { class: "plot", tabindex: "0", role: "img", "aria-label": label })
  let frame
  let selecting
  const measure = () => {
    const width = canvas.parentElement?.clientWidth ?? 0
    if (width === 0) return undefined
    const [left, right] = [gutterOf(width), width - 10]
    const span = view.to - view.from
    const x = (ms) => left + ((ms - view.from) / span) * (right - left)
    const ms = (place) => view.from + ((place - left) / (right - left)) * span
    return { width, left, right, height: height(width), x, ms, span }
  }
  const redraw = () => {
    frame = measure()
    if (frame === undefined) return
    const pen = prepared(canvas, frame.width, frame.height + axisHeight)
    const colours = coloursNow()
    drawAxis(pen, colours, frame, view)
    draw(pen, colours, frame)
    drawPointer(pen, colours, frame, view, selecting)
  }
  const placeOf = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect()
    return { x: clientX - box.left, y: clientY - box.top }
  }
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || frame === undefined) return
    canvas.setPointerCapture(event.pointerId)
    selecting = {
      isTouch: event.pointerType === "touch",
      from: placeOf(event).x,
      to: placeOf(event).x,
      last: placeOf(event).x,
    }
  })
  canvas.addEventListener("pointermove", (event) => {
    if (frame === undefined) return
    const { x, y } = placeOf(event)
    if (selecting?.isTouch) {
      view.pan((selecting.last - x) / (frame.right - frame.left))
      selecting.last = x
    } else if (selecting) selecting.to = x
    view.point(x < frame.left || x > frame.right ? undefined : frame.ms(x))
    view.changed()
    tooltip.show(tell(x, y, frame), event.clientX, event.clientY)
  })
  canvas.addEventListener("pointerup", (event) => {
    const chosen = selecting
    selecting = undefined
    if (chosen === undefined || chosen.isTouch || frame === undefined) return
    const { x } = placeOf(event)
    if (Math.abs(x - chosen.from) > 6) view.show(frame.ms(Math.min(x, chosen.from)), frame.ms(Math.max(x, chosen.from)))
    view.changed()
  })
  canvas.addEventListener("pointercancel", () => {
    selecting = undefined
  })
  canvas.addEventListener("pointerleave", () => {
    view.point(undefined)
    tooltip.show([])
  })
  canvas.addEventListener("dblclick", () => view.show(0, view.ms))
  canvas.addEventListener("wheel", (event) => onWheel(event, view, frame, placeOf), { passive: false })
  canvas.addEventListener("keydown", (event) => onKey(event, view))
  view.onChange(redraw)
  new ResizeObserver(redraw).observe(canvas)
  return canvas
}

function prepared(canvas, width, height) {
  const [w, h] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)]
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w
    canvas.height = h
    canvas.style.height = `${height}px`
  }
  const pen = canvas.getContext("2d")
  pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
  pen.clearRect(0, 0, width, height)
  pen.font = `11px ${getComputedStyle(canvas).fontFamily}`
  pen.textBaseline = "middle"
  return pen
}

function drawAxis(pen, colours, { left, right, height, x, span }, view) {
  const wanted = (70 / (right - left)) * span
  const step = steps.find((each) => each >= wanted) ?? wanted
  pen.textAlign = "center"
  pen.lineWidth = 1
  for (let ms = Math.ceil(view.from / step) * step; ms <= view.to; ms += step) {
    const place = Math.round(x(ms)) + 0.5
    pen.strokeStyle = colours.line
    pen.beginPath()
    pen.moveTo(place, 0)
    pen.lineTo(place, height + 3)
    pen.stroke()
    pen.fillStyle = colours.faint
    if (place < right - 14) pen.fillText(formatAt(ms, step), place, height + 12)
  }
  pen.textAlign = "left"
}

function drawPointer(pen, colours, { left, right, height, x }, view, selecting) {
  if (selecting && !selecting.isTouch) {
    pen.globalAlpha = 0.16
    pen.fillStyle = colours.accent
    pen.fillRect(selecting.from, 0, selecting.to - selecting.from, height)
    pen.globalAlpha = 1
  }
  if (view.at === undefined || view.at < view.from || view.at > view.to) return
  const place = Math.round(Math.min(Math.max(x(view.at), left), right)) + 0.5
  pen.strokeStyle = colours.faint
  pen.lineWidth = 1
  pen.setLineDash([3, 3])
  pen.beginPath()
  pen.moveTo(place, 0)
  pen.lineTo(place, height)
  pen.stroke()
  pen.setLineDash([])
}

/** The page scrolls as ever; sideways it is the charts that move, and with a key held they zoom. */
function onWheel(event, view, frame, placeOf) {
  if (frame === undefined) return
  if (event.ctrlKey || event.metaKey) view.zoom(Math.exp(event.deltaY / 240), frame.ms(placeOf(event).x))
  else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) view.pan(event.deltaX / (frame.right - frame.left))
  else return
  event.preventDefault()
}

function onKey(event, view) {
  const acts = {
    "+": () => view.zoom(0.6),
    "=": () => view.zoom(0.6),
    "-": () => view.zoom(1 / 0.6),
    ArrowLeft: () => view.pan(-0.2),
    ArrowRight: () => view.pan(0.2),
    0: () => view.show(0, view.ms),
  }
  const act = acts[event.key]
  if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return
  act()
  event.preventDefault()
}
