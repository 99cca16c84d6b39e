/** What was run, what it came to, and the figures. */
import { element } from "./element.mjs"
import { formatCount, formatMs } from "./format.mjs"
import { words } from "./texts.mjs"

export function head(data, switchLanguage) {
  const { run, ms } = data
  const text = words()
  return element(
    "header",
    {},
    element(
      "div",
      { class: "top" },
      element("p", { class: "brand" }, "Everthread chaos"),
      element("button", { type: "button", lang: text.languageCode, onclick: switchLanguage }, text.language),
    ),
    element("h1", {}, text.title(text.stores[run.store] ?? run.store)),
    verdict(data),
    element(
      "p",
      { class: "facts" },
      [
        text.facts(run.nodes.length, run.devices.length, run.conversations.length),
        `${text.began} ${run.beganAt.replace("T", " ").replace(/\.\d+Z$/, " UTC")}`,
        `${text.lasted} ${formatMs(ms)}`,
        `${text.seed} ${run.seed}`,
      ].join(" · "),
    ),
    again(run.command),
  )
}

/** Of a run that was not played to its end nobody knows that nothing is wrong. */
export function verdictOf({ end, findings, more }) {
  const text = words()
  const count = findings.length + more
  if (count > 0) return { kind: "bad", sign: "✕", said: text.violations(count) }
  if (end === undefined || end.error !== undefined) return { kind: "open", sign: "?", said: text.noEnd }
  return { kind: "good", sign: "✓", said: text.none }
}

function verdict(data) {
  const text = words()
  const { end, unreadable } = data
  const { kind, sign, said } = verdictOf(data)
  const notes = [
    end === undefined ? text.noEndWhy : undefined,
    end?.error === undefined ? undefined : `${text.failed}: ${end.error}`,
    unreadable === 0 ? undefined : text.unreadable(unreadable),
  ].filter((note) => note !== undefined)
  return element(
    "div",
    { class: `verdict ${kind}` },
    element("p", {}, element("span", { class: "sign", "aria-hidden": "true" }, sign), said),
    ...notes.map((note) => element("p", { class: "note" }, note)),
  )
}

function again(command) {
  const text = words()
  const button = element("button", { type: "button" }, text.copy)
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(command)
    button.textContent = text.copied
  })
  return element(
    "div",
    { class: "again" },
    element("span", {}, text.again),
    element("code", { tabindex: "0" }, command),
    // Pages that are opened from a disk have no clipboard in some browsers.
    navigator.clipboard === undefined ? undefined : button,
  )
}

export function figures({ figures: all }) {
  const { figure, spread, figures: title } = words()
  const numbers = Object.entries(figure).flatMap(([name, label]) =>
    all[name] === undefined ? [] : [[label, all[name]]],
  )
  return element(
    "section",
    { "aria-labelledby": "figures" },
    element("h2", { id: "figures" }, title),
    element(
      "dl",
      { class: "figures" },
      ...numbers.map(([label, value]) => pair(label, formatCount(value))),
      ...["ack", "firstToken"].flatMap((name) => (all[name] === undefined ? [] : [spreadOf(spread[name], all[name])])),
    ),
  )
}

const pair = (label, value, kind = "") =>
  element("div", { class: kind }, element("dt", {}, label), element("dd", {}, value))

function spreadOf(label, { p50, p99, max }) {
  const { max: most } = words().spread
  return pair(label, `p50 ${formatMs(p50)} · p99 ${formatMs(p99)} · ${most} ${formatMs(max)}`, "wide")
}
