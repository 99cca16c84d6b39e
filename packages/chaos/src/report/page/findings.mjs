/** What is wrong, and the log around it. */
import { element } from "./element.mjs"
import { verdictOf } from "./head.mjs"
import { words } from "./texts.mjs"

/** So many are open from the beginning. */
const openMax = 3

export function findings(data) {
  const text = words()
  const { findings: found, more } = data
  const section = (...children) =>
    element("section", { "aria-labelledby": "findings" }, element("h2", { id: "findings" }, text.findings), ...children)
  if (found.length > 0) {
    const rest = more === 0 ? undefined : element("p", { class: "note" }, text.more(more))
    return section(...found.map((each, index) => finding(each, index < openMax)), rest)
  }
  return section(element("p", {}, verdictOf(data).kind === "open" ? text.noEnd : text.nothing))
}

function finding({ law, conversation, device, what, entries }, isOpen) {
  const text = words()
  return element(
    "details",
    { class: "finding", ...(isOpen ? { open: "" } : {}) },
    element(
      "summary",
      {},
      element("span", { class: "law" }, law),
      element("span", { class: "where" }, device === undefined ? conversation : `${conversation} · ${device}`),
    ),
    element("p", { class: "what" }, what),
    element("h3", {}, text.entries),
    entries.length === 0 ? element("p", { class: "note" }, text.noEntries) : log(entries),
  )
}

function log(entries) {
  const text = words()
  const rows = entries.map(({ cursor, type, text: content, isNamed }) =>
    element(
      "tr",
      isNamed ? { class: "named" } : {},
      element(
        "td",
        {},
        element("code", {}, cursor),
        isNamed ? element("span", { class: "tag" }, text.named) : undefined,
      ),
      element("td", {}, type),
      element("td", {}, element("code", {}, content)),
    ),
  )
  const heads = [text.cursor, text.type, text.content].map((name) => element("th", { scope: "col" }, name))
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "group", "aria-label": text.entries },
    element(
      "table",
      { class: "log" },
      element("thead", {}, element("tr", {}, ...heads)),
      element("tbody", {}, ...rows),
    ),
  )
}
