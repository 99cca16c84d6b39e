/** Colours of the page, for a canvas, which knows no variables; and marks that differ in shape and not only in colour. */

const names = [
  "ink",
  "faint",
  "line",
  "canvas",
  "panel",
  "accent",
  "ok",
  "refused",
  "unknown",
  "fault",
  "up",
  "down",
  "paused",
]

/** As the page shows them now, light or dark. */
export function coloursNow() {
  const probe = document.body.appendChild(document.createElement("span"))
  const colours = {}
  for (const name of names) {
    probe.style.color = `var(--${name})`
    colours[name] = getComputedStyle(probe).color
  }
  probe.remove()
  return colours
}

/** @param slope 1 rises to the right, -1 falls. */
export function hatch(pen, colour, slope) {
  const tile = document.createElement("canvas")
  const size = 5 * devicePixelRatio
  tile.width = tile.height = size
  const lines = tile.getContext("2d")
  lines.strokeStyle = colour
  lines.lineWidth = 1.4 * devicePixelRatio
  lines.beginPath()
  for (const shift of [-size, 0, size]) {
    lines.moveTo(shift, slope > 0 ? size : 0)
    lines.lineTo(shift + size, slope > 0 ? 0 : size)
  }
  lines.stroke()
  const pattern = pen.createPattern(tile, "repeat")
  pattern.setTransform(new DOMMatrix().scale(1 / devicePixelRatio))
  return pattern
}

export function dot(pen, x, y, radius) {
  pen.beginPath()
  pen.arc(x, y, radius, 0, 2 * Math.PI)
  pen.fill()
}

export function triangle(pen, x, y, radius) {
  pen.beginPath()
  pen.moveTo(x, y - radius)
  pen.lineTo(x + radius, y + radius * 0.8)
  pen.lineTo(x - radius, y + radius * 0.8)
  pen.fill()
}

export function cross(pen, x, y, radius) {
  pen.lineWidth = 1.6
  pen.beginPath()
  pen.moveTo(x - radius, y - radius)
  pen.lineTo(x + radius, y + radius)
  pen.moveTo(x + radius, y - radius)
  pen.lineTo(x - radius, y + radius)
  pen.stroke()
}

export function ring(pen, x, y, radius) {
  pen.lineWidth = 1.3
  pen.strokeRect(x - radius, y - radius, 2 * radius, 2 * radius)
}

/** The mark of an outcome, or of a first token. */
export function mark(pen, colours, outcome, x, y, radius = 2) {
  pen.fillStyle = pen.strokeStyle = colours[outcome] ?? colours.accent
  if (outcome === "ok") dot(pen, x, y, radius)
  else if (outcome === "refused") triangle(pen, x, y, radius + 1.5)
  else if (outcome === "unknown") cross(pen, x, y, radius + 1)
  else ring(pen, x, y, radius)
}

/** Text that ends with an ellipsis where it would be too wide. */
export function fitted(pen, text, width) {
  if (pen.measureText(text).width <= width) return text
  let kept = text
  while (kept !== "" && pen.measureText(`${kept}…`).width > width) kept = kept.slice(0, -1)
  return kept === "" ? "" : `${kept}…`
}

/** The same, with what it ends with: many names begin alike. */
export function fittedEnd(pen, text, width) {
  if (pen.measureText(text).width <= width) return text
  let kept = text
  while (kept !== "" && pen.measureText(`…${kept}`).width > width) kept = kept.slice(1)
  return kept === "" ? "" : `…${kept}`
}
