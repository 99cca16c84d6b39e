/** The rows of the first two scenes: where everybody is, what they have, and in which order. */
import type { Paint } from "../chat/style.ts"
import { bar, fit, widest } from "./cells.ts"
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
const gap = "  "
const barColumnsMin = 8
const barColumnsMax = 36

export function peopleRows(devices: readonly Device[], options: PeopleOptions): string[] {
  const facts = devices.map((device) => factsOf(device, options))
  const width = (cell: "name" | "place" | "count" | "order") => widest(facts.map((fact) => fact[cell]))
  const widths = { name: width("name"), place: width("place"), count: width("count") }
  const gaps = 4 * gap.length + indent.length + 1
  const room = options.columns - gaps - widths.name - widths.place - widths.count - width("order")
  // Where there is no room for a bar, the numbers say the same.
  const barWidth = room < barColumnsMin ? 0 : Math.min(room, barColumnsMax)
  const isOne = new Set(facts.map(({ order }) => order)).size === 1
  return facts.map((fact) => personRow(fact, { ...widths, bar: barWidth }, isOne, options))
}

interface PersonFacts {
  readonly device: Device
  readonly name: string
  readonly place: string
  readonly count: string
  readonly order: string
}

function factsOf(device: Device, { total, texts }: PeopleOptions): PersonFacts {
  const { name, isCut, node, received } = device
  const place = isCut ? texts.cut : texts.node(node.number)
  const count = texts.has(received.messages.length, total)
  return { device, name, place, count, order: texts.order(received.order) }
}

interface Widths {
  readonly name: number
  readonly place: number
  readonly count: number
  readonly bar: number
}

function personRow(fact: PersonFacts, widths: Widths, isOne: boolean, { paint, total }: PeopleOptions): string {
  const { device, name, place, count, order } = fact
  const done = device.received.messages.length
  const cells = [
    paint("strong", fit(name, widths.name)),
    paint(device.isCut ? "bad" : "dim", fit(place, widths.place)),
    fit(count, widths.count),
    ...(widths.bar > 0 ? [paint(barStyle(device, done >= total), bar(done, total, widths.bar))] : []),
    paint(isOne ? "good" : "dim", order),
  ]
  return indent + cells.join(gap)
}

function barStyle({ isCut }: Device, isAll: boolean): "bad" | "good" | "own" {
  if (isCut) return "bad"
  return isAll ? "good" : "own"
}
