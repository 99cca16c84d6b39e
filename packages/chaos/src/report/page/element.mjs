/** Makes elements. Text becomes text: nothing that comes from the record is ever read as markup. */

/** @param attributes `class`, `onclick` and the like; `undefined` leaves one out. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue
    if (typeof value === "function") made.addEventListener(name.slice(2), value)
    else made.setAttribute(name, value)
  }
  made.append(...children.filter((child) => child !== undefined))
  return made
}
