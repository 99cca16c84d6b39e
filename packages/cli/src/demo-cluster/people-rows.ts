/** The rows of the first two scenes: where everybody is, what they have, and in which order. */
import type { Paint } from "../chat/style.ts"
import { bar, clip, fit, widest } from "./cells.ts"
import type { Device } from "./device.ts"
import type { DemoTexts } from "./texts.ts"

export interface RowOptions {
  readonly columns: number
  readonly paint: Paint
  readonly texts: DemoTexts
}

export interface PeopleOptions extends RowOptions {
  /** Messages there will be in the end. */
  readonly total: number
}

const indent = "    "
const barColumnsMin = 8
const barColumnsMax = 36

export function peopleRows(devices: readonly Device[], options: PeopleOptions): string[] {
  const { columns, total, paint, texts } = options
  const orders = new Set(devices.map(({ received }) => received.order))
  const names = devices.map(({ name }) => name)
  const places = devices.map((device) => (device.isCut ? texts.cut : texts.node(device.node.number)))
  const counts = devices.map(({ received }) => texts.has(received.messages.length, total))
  const ends = devices.map(({ received }) => texts.order(received.order))
  const [nameWidth, placeWidth, countWidth, endWidth] = [names, places, counts, ends].map(widest) as [
    number,
    number,
    number,
    number,
  ]
  const left = columns - 1 - indent.length - nameWidth - placeWidth - countWidth - endWidth - 8
  const barWidth = left < barColumnsMin ? 0 : Math.min(left, barColumnsMax)
  return devices.map((device, i) => {
    const isAll = device.received.messages.length >= total
    const cells = [
      paint("strong", fit(names[i] ?? "", nameWidth)),
      paint(device.isCut ? "bad" : "dim", fit(places[i] ?? "", placeWidth)),
      fit(counts[i] ?? "", countWidth),
      ...(barWidth > 0 ? [paint(barStyle(device, isAll), bar(device.received.messages.length, total, barWidth))] : []),
      paint(orders.size === 1 ? "good" : "dim", clip(ends[i] ?? "", Math.max(left + endWidth, 0))),
    ]
    return indent + cells.join("  ")
  })
}

function barStyle({ isCut }: Device, isAll: boolean): "bad" | "good" | "own" {
  if (isCut) return "bad"
  return isAll ? "good" : "own"
}
