/** docs/protocol.md says what the code does: its tables are the code's, and its examples are legal and add up. */
import { readFileSync } from "node:fs"
import {
  closeCodeOf,
  closeRules,
  type ErrorRule,
  emptyState,
  errorRules,
  type LogEvent,
  limits,
  reduceAll,
} from "@everthread/protocol"
import { down, eventBody, logEvent, readUpFrame, upFrame } from "@everthread/protocol/schema"
import { expect, test } from "vitest"

const page = readFileSync(new URL("../../../docs/protocol.md", import.meta.url), "utf8")

const cellsOf = (row: string) =>
  row
    .split("|")
    .map((cell) => cell.replaceAll("`", "").trim())
    .slice(1, -1)

/** @returns the rows of the table whose columns begin with these titles, as cells without backquotes. */
function table(...titles: string[]): string[][] {
  const lines = page.split("\n")
  const start = lines.findIndex((line) => titles.every((title, column) => cellsOf(line)[column] === title))
  const rows = lines.slice(start + 2)
  const end = rows.findIndex((line) => !line.startsWith("|"))
  return rows.slice(0, end).map(cellsOf)
}

type Frames = { readonly [key: string]: unknown }[]

/** @returns the frames of every block that is marked so, block by block: one frame, or one on each line. */
function blocks(mark: "up" | "down" | "event" | "lean"): Frames[] {
  const found = [...page.matchAll(new RegExp(`^\`\`\`json ${mark}\\n([^]*?)^\`\`\`$`, "gm"))]
  return found.map(([, text = ""]) => {
    const texts = text.startsWith("{\n") ? [text] : text.trimEnd().split("\n")
    return texts.map((each) => JSON.parse(each))
  })
}

const retryOf = ({ retry, retryAfterMs }: ErrorRule) => (retryAfterMs ? `${retry}, ${retryAfterMs} ms` : retry)

test("[ERR1] the page's table of errors is the code's", () => {
  const rows = Object.entries(errorRules).map(([code, rule]) => {
    return [code, retryOf(rule), String(closeCodeOf[code as keyof typeof errorRules] ?? ""), rule.meaning]
  })
  expect(table("Code", "Retry")).toEqual(rows)
})

test("[ERR2] the page's table of close codes is the code's", () => {
  const rows = Object.entries(closeRules).map(([code, { reconnect, meaning }]) => [code, reconnect, meaning])
  expect(table("Code", "Reconnect")).toEqual(rows)
})

test("the page's table of limits is the code's", () => {
  expect(table("Limit").map(([name, value]) => [name, Number(value)])).toEqual(Object.entries(limits))
})

const typesOf = (options: readonly { readonly shape: { readonly type: { readonly value: string } } }[]) =>
  options.map((schema) => schema.shape.type.value).sort()

test("the page names every request, every frame of the server and every event", () => {
  const first = (title: string) => table(title).map(([name]) => name)
  const requests = upFrame.options.filter((schema) => "id" in schema.shape)
  expect(first("Request").sort()).toEqual(typesOf(requests))
  expect(first("Frame").sort()).toEqual(typesOf(down.downFrame.options))
  expect(first("Event").sort()).toEqual(typesOf(eventBody.options))
})

test("every example of a frame is a legal one, to the last field", () => {
  for (const frame of blocks("up").flat()) expect(readUpFrame(frame)).toEqual({ ok: true, value: frame })
  for (const frame of blocks("down").flat()) expect(down.downFrame.parse(frame)).toEqual(frame)
  for (const event of blocks("event").flat()) expect(logEvent.parse(event)).toEqual(event)
  expect([blocks("up"), blocks("down"), blocks("event")].map((found) => found.length)).toEqual([6, 6, 1])
})

test("[FRM5] every example of a lean frame is a legal one", () => {
  for (const frame of blocks("lean").flat()) expect(down.lean.parse(frame)).toEqual(frame)
})

test("no block of JSON on the page is left unchecked", () => {
  expect(page.match(/^```json.*$/gm)?.filter((mark) => !/^```json (up|down|event|lean)$/.test(mark))).toEqual([])
})

test("the session on the page holds together: every reply is asked for, every frame connects, the takeover takes back", () => {
  const asked = blocks("up").slice(-2)
  const said = blocks("down").slice(-2)
  const results = down.results as { readonly [type: string]: { parse(result: unknown): unknown } }
  let cursor = "0-0"
  const log: LogEvent[] = []
  asked.forEach((requests, connection) => {
    for (const frame of said[connection]?.map((each) => down.downFrame.parse(each)) ?? []) {
      if (frame.type === "ok") {
        const request = requests.find(({ id }) => id === frame.id)
        expect(results[String(request?.["type"])]?.parse(frame.result)).toEqual(frame.result)
      }
      if (frame.type === "upToDate") expect(frame.cursor).toBe(cursor)
      if (frame.type !== "events") continue
      expect(frame.prev).toBe(cursor)
      cursor = frame.cursor
      log.push(...frame.events)
    }
  })
  const state = reduceAll(emptyState, log)
  expect(state.messages.map((message) => message.id)).toEqual(["m1"])
  expect(state.runs).toMatchObject([{ id: "r5Tq", status: "running", attempt: 2, node: "node-2" }])
})
