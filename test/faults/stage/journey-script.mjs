/**
 * What the journey's agent says, and where it may be held up: the agent and the tests have to know it, both.
 *
 * Each line is one message of the answer. A place `name:3` is in this line when three of its words are said; `name:0` is
 * before the first. The places that are listed by a name stand behind a line, where nothing is said.
 */

/** @type {readonly (readonly [string, string])[]} */
const lines = [
  ["tell", "Once somebody asked me this"],
  ["order", "I shall pay for it"],
  ["left", "The left hand knows well"],
  ["right", "what the right hand does"],
  ["first", "Inside there is one step"],
  ["second", "and behind it another one"],
  ["ask", "Now I have a question"],
  ["answered", "Thank you for your answer"],
  ["end", "That was all of it"],
]

/** @type {Readonly<Record<string, string>>} */
const behind = { edge: "tell", "tool:begun": "order", "tool:done": "order", "tool:kept": "order", waiting: "ask" }

export const answer = lines.map(([, text]) => text)

/** @param {string} name */
export function textOf(name) {
  const found = lines.find(([line]) => line === name)
  if (!found) throw new Error(`there is no line ${name}`)
  return found[1]
}

/** @param {string} text @returns {string[]} */
export const wordsOf = (text) => text.match(/\S+\s*/g) ?? []

/** @param {string} place @returns {string[]} what is said of the answer when the agent has come there */
export function saidAt(place) {
  const [name = "", count] = behind[place] === undefined ? place.split(":") : [behind[place]]
  const index = lines.findIndex(([line]) => line === name)
  const words = wordsOf(textOf(name)).slice(0, count === undefined ? undefined : Number(count))
  return [...answer.slice(0, index), ...(words.length > 0 ? [words.join("")] : [])]
}
