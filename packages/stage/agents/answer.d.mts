export const theAnswer: string
export function isQuestionFor(text: string): boolean
export function answerTo(text: string): readonly string[]
