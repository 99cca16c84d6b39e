/** What was done to it, as a table; what might have been done, and what was left out. */
import { element } from "./element.mjs"
import { formatAt, formatCount, formatMs } from "./format.mjs"
import { words } from "./texts.mjs"

export function faults({ data, view }) {
  const text = words()
  return element(
    "section",
    { "aria-labelledby": "faults" },
    element("h2", { id: "faults" }, text.faults),
    data.faults.length === 0 ? element("p", {}, text.noFaults) : table(data.faults, view),
  )
}

function table(all, view) {
  const text = words()
  const names = [text.at, text.nemesis, text.target, text.what, text.long]
  const heads = [...names.map((name) => element("th", { scope: "col" }, name)), element("td", {})]
  return element(
    "div",
    { class: "scroll tall", tabindex: "0", role: "group", "aria-label": text.faults },
    element(
      "table",
      { class: "faults" },
      element("thead", {}, element("tr", {}, ...heads)),
      element("tbody", {}, ...all.map((fault) => row(fault, view))),
    ),
  )
}

function row({ nemesis, target, what, fromMs, toMs }, view) {
  const text = words()
  const at = formatAt(fromMs, 100)
  const show = () => {
    const room = Math.max((toMs - fromMs) * 0.75, 1_500)
    view.show(fromMs - room, toMs + room)
    document.querySelector("#charts")?.scrollIntoView()
  }
  const button = { type: "button", "aria-label": text.showFault(nemesis, at), onclick: show }
  return element(
    "tr",
    {},
    element("td", { class: "number" }, at),
    element("td", {}, element("code", {}, nemesis)),
    element("td", {}, target),
    element("td", {}, what),
    element("td", { class: "number" }, toMs === fromMs ? "–" : formatMs(toMs - fromMs)),
    element("td", {}, element("button", button, text.show)),
  )
}

export function nemeses({ run, faults: all }) {
  const text = words()
  return element(
    "section",
    { class: "nemeses", "aria-labelledby": "nemeses" },
    element("h2", { id: "nemeses" }, text.nemeses),
    list(run.nemeses.map(({ name, about }) => [name, about, timesOf(all, name)])),
    ...(run.leftOut.length === 0
      ? []
      : [element("h3", {}, text.leftOut), list(run.leftOut.map(({ name, why }) => [name, why]))]),
  )
}

function timesOf(all, name) {
  const count = all.filter(({ nemesis }) => nemesis === name).length
  return `× ${formatCount(count)}`
}

const list = (entries) =>
  element(
    "dl",
    {},
    ...entries.map(([name, about, times]) =>
      element(
        "div",
        {},
        element("dt", {}, element("code", {}, name), times === undefined ? undefined : element("span", {}, times)),
        element("dd", {}, about),
      ),
    ),
  )
