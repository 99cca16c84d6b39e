/** What is under the pointer, in words. */
import { element } from "./element.mjs"

export function createTooltip() {
  const box = element("div", { class: "tooltip", "aria-hidden": "true" })
  return {
    box,
    /** @param lines of text; none hides it. */
    show(lines, x, y) {
      box.hidden = lines.length === 0
      if (box.hidden) return
      box.replaceChildren(...lines.map((line) => element("div", {}, line)))
      const { innerWidth, innerHeight } = window
      box.style.left = `${Math.max(Math.min(x + 14, innerWidth - box.offsetWidth - 8), 8)}px`
      box.style.top = `${y + 18 + box.offsetHeight > innerHeight ? y - box.offsetHeight - 12 : y + 18}px`
    },
  }
}
