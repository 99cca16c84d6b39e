/**
 * What a graph asks, as far as a person can read it. Its value is whatever the graph's author gave: every field is looked
 * at before it is believed.
 */
import type { Json } from "@everthread/protocol"

export interface Action {
  readonly name: string
  /** Its arguments, where each is a plain value: what it is called, and what it is. */
  readonly fields: readonly (readonly [label: string, value: string])[]
  /** Its arguments as JSON text, where they are anything else. */
  readonly args: string | undefined
}

export interface Question {
  readonly text: string | undefined
  /** What is to be approved. */
  readonly actions: readonly Action[]
  /** The answers that it names itself. */
  readonly answers: readonly string[]
  /** Everything else, as JSON text. */
  readonly rest: string | undefined
}

type Fields = { readonly [key: string]: Json }

export function questionOf(value: Json): Question {
  if (typeof value === "string") return { text: value, actions: [], answers: [], rest: undefined }
  if (!isFields(value)) return { text: undefined, actions: [], answers: [], rest: printed(value) }
  const { question, actions, answers, ...rest } = value
  const text = typeof question === "string" ? question : undefined
  const others = { ...rest, ...(question === undefined || text !== undefined ? {} : { question }) }
  return {
    text,
    actions: actionsOf(actions),
    answers: Array.isArray(answers) ? answers.filter((answer) => typeof answer === "string") : [],
    rest: Object.keys(others).length > 0 ? printed(others) : undefined,
  }
}

/** A plain yes or no, which the app has words for in every language; the answer is the word that the agent gave. */
export function isYesOrNo({ answers }: Pick<Question, "answers">): boolean {
  return answers.length === 2 && answers[0] === "yes" && answers[1] === "no"
}

function actionsOf(actions: Json | undefined): Question["actions"] {
  if (!Array.isArray(actions)) return []
  return actions.filter(isFields).map(({ name, args }) => ({
    name: typeof name === "string" ? name : "?",
    ...(isFlat(args) ? { fields: labelled(args), args: undefined } : { fields: [], args: printed(args ?? null) }),
  }))
}

function isFlat(args: Json | undefined): args is Fields | undefined {
  if (args === undefined) return true
  return isFields(args) && Object.values(args).every((value) => value === null || typeof value !== "object")
}

function labelled(args: Fields = {}): readonly (readonly [string, string])[] {
  return Object.entries(args).map(([name, value]) => [name.replaceAll("_", " "), printed(value)])
}

export function isFields(value: Json | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** JSON as a person reads it: a text is shown without its quotes. */
export function printed(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value, undefined, 2)
}
