/** Puts the page together, and anew where its language changes. */
import { charts, forgetLegends, redrawLegends } from "./charts.mjs"
import { element } from "./element.mjs"
import { faults, nemeses } from "./faults.mjs"
import { findings } from "./findings.mjs"
import { figures, head, verdictOf } from "./head.mjs"
import { operationsOf } from "./operations.mjs"
import { speech } from "./texts.mjs"
import { createTooltip } from "./tooltip.mjs"
import { createView } from "./view.mjs"

const data = JSON.parse(document.querySelector("#data").textContent)
const operations = operationsOf(data.operations)
const view = createView(Math.max(data.ms, 1))
view.show(firstMs(), view.ms)

/** Servers and nodes may take long to stand; until then there is nothing to see. */
function firstMs() {
  const states = data.lanes.flatMap((lane) => lane.states.map(({ atMs }) => atMs))
  const first = [...states, ...data.faults.map(({ fromMs }) => fromMs), operations.fromMs[0] ?? 0]
  return Math.max(first.reduce((a, b) => Math.min(a, b), view.ms) - 500, 0)
}

function show() {
  const { kind, said } = verdictOf(data)
  document.documentElement.lang = speech.language
  document.title = `${said} · Everthread chaos`
  view.forget()
  forgetLegends()
  const tooltip = createTooltip()
  tooltip.show([])
  const world = { data, operations, view, tooltip }
  const isBad = kind === "bad"
  const main = [figures(data), isBad ? findings(data) : undefined, charts(world), isBad ? undefined : findings(data)]
  const body = [head(data, switchLanguage), element("main", {}, ...main, faults(world), nemeses(data)), tooltip.box]
  document.body.replaceChildren(...body)
  view.changed()
}

function switchLanguage() {
  speech.language = speech.language === "en" ? "zh" : "en"
  show()
  document.querySelector("header button").focus()
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  redrawLegends()
  view.changed()
})
show()
