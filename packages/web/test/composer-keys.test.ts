/** Enter sends, and only the Enter of somebody who means it. */
import { type ComposerFacts, composerAction, type PressedKey } from "../src/model/composer-keys.ts"

const plain = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, keyCode: 13 }
const empty: ComposerFacts = { isEmpty: true, isAbout: false }
const written: ComposerFacts = { isEmpty: false, isAbout: false }
const editing: ComposerFacts = { isEmpty: false, isAbout: true }
const press = (key: string, facts: ComposerFacts, more: Partial<PressedKey> = {}) =>
  composerAction({ ...plain, key, ...more }, facts)

test("Enter sends, Shift+Enter breaks the line", () => {
  expect(press("Enter", written)).toBe("send")
  expect(press("Enter", written, { shiftKey: true })).toBeUndefined()
})

test("the Enter that ends a composition is the input method's, whichever way a browser says so", () => {
  expect(press("Enter", written, { isComposing: true })).toBeUndefined()
  expect(press("Enter", written, { keyCode: 229 })).toBeUndefined()
  expect(press("Escape", written, { isComposing: true })).toBeUndefined()
})

test("Up edits the last message where nothing is written, and moves the caret everywhere else", () => {
  expect(press("ArrowUp", empty)).toBe("edit-last")
  expect(press("ArrowUp", written)).toBeUndefined()
  expect(press("ArrowUp", { isEmpty: true, isAbout: true })).toBeUndefined()
  expect(press("ArrowUp", empty, { ctrlKey: true })).toBeUndefined()
})

test("Esc first gives up what is edited, then stops the agent", () => {
  expect(press("Escape", editing)).toBe("drop-about")
  expect(press("Escape", written)).toBe("stop")
})

test("every other key is left alone", () => {
  expect(press("a", written)).toBeUndefined()
  expect(press("Enter", written, { altKey: true })).toBeUndefined()
})
