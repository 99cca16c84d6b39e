/** What the agent says: the checker has to know it, too. */

const countTo = (last) => Array.from({ length: last }, (_, index) => `${index + 1}`).join(" ")

/** What everybody answers to its question. */
export const theAnswer = "yes"

/** Whether it asks something before it goes on. */
export const isQuestionFor = (text) => text.includes("?")

/** @param {string} text @returns {readonly string[]} one text for each step */
export function answerTo(text) {
  return [
    `You said: ${text}`,
    ...(isQuestionFor(text) ? [`I was told: ${theAnswer}`] : []),
    `Counting: ${countTo(text.includes("slowly") ? 90 : 24)}`,
  ]
}
