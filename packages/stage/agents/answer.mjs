/** What the agent says: the checker has to know it, too. */

const counted = Array.from({ length: 24 }, (_, index) => `${index + 1}`).join(" ")

/** @param {string} text @returns {readonly string[]} one text for each step */
export function answerTo(text) {
  return [`You said: ${text}`, `Counting: ${counted}`]
}
