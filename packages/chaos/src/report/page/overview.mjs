/** The whole run in a strip; the part that the charts show can be moved in it. */
import { element } from "./element.mjs"
import { coloursNow } from "./paint.mjs"
import { words } from "./texts.mjs"

const height = 34

export function overview({ data, operations, view }) {
  const canvas = element("canvas", { class: "overview", role: "img", "aria-label": words().overview })
  const redraw = () => {
    const width = canvas.parentElement?.clientWidth ?? 0
    if (width === 0) return
    canvas.width = width * devicePixelRatio
    canvas.height = height * devicePixelRatio
    const pen = canvas.getContext("2d")
    pen.scale(devicePixelRatio, devicePixelRatio)
    drawStrip(pen, coloursNow(), { data, operations, view, width })
  }
  let isHeld = false
  const move = (event) => {
    const box = canvas.getBoundingClientRect()
    const at = ((event.clientX - box.left) / box.width) * view.ms
    const half = Math.min((view.to - view.from) / 2, view.ms / 2)
    const middle = Math.min(Math.max(at, half), view.ms - half)
    view.show(middle - half, middle + half)
  }
  canvas.addEventListener("pointerdown", (event) => {
    isHeld = true
    canvas.setPointerCapture(event.pointerId)
    move(event)
  })
  canvas.addEventListener("pointermove", (event) => isHeld && move(event))
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      isHeld = false
    })
  }
  view.onChange(redraw)
  new ResizeObserver(redraw).observe(canvas)
  return canvas
}

function drawStrip(pen, colours, { data, operations, view, width }) {
  const x = (ms) => (ms / view.ms) * width
  const counts = new Float64Array(Math.ceil(width / 2) + 1)
  for (const ms of operations.fromMs) counts[Math.floor(x(ms) / 2)] += 1
  const most = counts.reduce((a, b) => Math.max(a, b), 1)
  pen.fillStyle = colours.ok
  pen.globalAlpha = 0.55
  for (const [index, count] of counts.entries())
    pen.fillRect(index * 2, height - (count / most) * 24, 1.5, (count / most) * 24)
  pen.globalAlpha = 1
  pen.fillStyle = colours.fault
  for (const { fromMs, toMs } of data.faults) pen.fillRect(x(fromMs), 2, Math.max(x(toMs - fromMs), 2), 3)
  const [from, to] = [x(view.from), x(view.to)]
  if (to - from > width - 1) return
  pen.fillStyle = colours.canvas
  pen.globalAlpha = 0.7
  pen.fillRect(0, 0, from, height)
  pen.fillRect(to, 0, width - to, height)
  pen.globalAlpha = 1
  pen.strokeStyle = colours.accent
  pen.lineWidth = 1.5
  pen.strokeRect(from + 0.75, 0.75, Math.max(to - from - 1.5, 2), height - 1.5)
}
