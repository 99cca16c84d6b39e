/** The part of the run that every chart shows, and the moment that is pointed at. */

/** Nearer than this there is nothing to see. */
const leastMs = 50

export function createView(ms) {
  const listeners = new Set()
  let isDue = false
  const changed = () => {
    if (isDue) return
    isDue = true
    requestAnimationFrame(() => {
      isDue = false
      for (const listener of listeners) listener()
    })
  }
  const view = {
    ms,
    from: 0,
    to: ms,
    /** The moment under the pointer. */
    at: undefined,
    show(from, to) {
      const width = Math.min(Math.max(to - from, leastMs), ms)
      view.from = Math.min(Math.max((from + to - width) / 2, 0), ms - width)
      view.to = view.from + width
      changed()
    },
    zoom(factor, at = (view.from + view.to) / 2) {
      view.show(at - (at - view.from) * factor, at + (view.to - at) * factor)
    },
    /** By a part of what is shown; what is shown stays as wide. */
    pan(part) {
      const width = view.to - view.from
      const from = Math.min(Math.max(view.from + part * width, 0), ms - width)
      view.show(from, from + width)
    },
    point(at) {
      if (view.at === at) return
      view.at = at
      changed()
    },
    changed,
    onChange: (listener) => listeners.add(listener),
    forget: () => listeners.clear(),
  }
  return view
}
