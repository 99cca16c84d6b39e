export function answerTo(text: string): readonly string[]
