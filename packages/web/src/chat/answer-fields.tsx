/** The form of an answer: as few clicks as its shape allows. */
import type { Interrupt, Json } from "@everthread/protocol"
import { type FormEvent, useState } from "react"
import { useTexts } from "../hooks/use-texts.ts"
import { type AnswerForm, answerOf, type FieldForm, type NamedField, typedValue } from "../model/answer-form.ts"
import { printed } from "../model/question.ts"
import { Button } from "../ui/button.tsx"
import { fieldClass } from "../ui/field.tsx"
import { FormField } from "./form-field.tsx"
import { type Answering, useAnswer } from "./use-answer.ts"

interface AnswerFieldsProps {
  readonly interrupt: Interrupt
  readonly form: AnswerForm
}

export function AnswerFields({ interrupt, form }: AnswerFieldsProps) {
  const answering = useAnswer(interrupt.id)
  return (
    <div className="flex flex-col gap-2">
      <FormOf form={form} answering={answering} />
      {answering.problem !== undefined && (
        <p role="alert" className="text-danger">
          {answering.problem}
        </p>
      )}
    </div>
  )
}

/** So few that each may have a button. */
const buttonsMax = 6

function FormOf({ form, answering }: { readonly form: AnswerForm; readonly answering: Answering }) {
  const { question } = useTexts()
  switch (form.kind) {
    case "approval":
      return <Choices words={[question.approve, question.reject]} values={[true, false]} answering={answering} />
    case "yes-no":
      return <Choices words={[question.yes, question.no]} values={[true, false]} answering={answering} />
    case "plain-yes-no":
      return <Choices words={[question.yes, question.no]} values={["yes", "no"]} answering={answering} />
    case "choice":
      if (form.values.length > buttonsMax) return <OneField form={form} answering={answering} />
      return <Choices words={form.values.map(printed)} values={form.values} answering={answering} />
    case "text":
    case "number":
      return <OneField form={form} answering={answering} />
    case "fields":
      return <Fields fields={form.fields} answering={answering} />
    case "json":
      return <RawJson answering={answering} />
  }
}

interface ChoicesProps {
  readonly words: readonly string[]
  readonly values: readonly Json[]
  readonly answering: Answering
}

/** The first one is what most people want. */
function Choices({ words, values, answering }: ChoicesProps) {
  return (
    <div className="flex flex-wrap gap-2">
      {words.map((word, index) => (
        <Button
          key={word}
          look={index === 0 ? "primary" : "plain"}
          disabled={answering.isBusy}
          onClick={() => answering.answer(values[index])}
        >
          {word}
        </Button>
      ))}
    </div>
  )
}

function OneField({ form, answering }: { readonly form: FieldForm; readonly answering: Answering }) {
  const { question } = useTexts()
  const [typed, setTyped] = useState("")
  const submit = (event: FormEvent) => {
    event.preventDefault()
    answering.answer(typedValue(form, typed))
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <FormField form={form} label={question.text} isBare value={typed} change={setTyped} isRequired />
      <Submit answering={answering} />
    </form>
  )
}

function Fields({ fields, answering }: { readonly fields: readonly NamedField[]; readonly answering: Answering }) {
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({})
  const submit = (event: FormEvent) => {
    event.preventDefault()
    answering.answer(answerOf(fields, typed))
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      {fields.map(({ name, label, form, isRequired }) => (
        <FormField
          key={name}
          form={form}
          label={label}
          isRequired={isRequired}
          value={typed[name] ?? ""}
          change={(text) => setTyped({ ...typed, [name]: text })}
        />
      ))}
      <Submit answering={answering} />
    </form>
  )
}

function RawJson({ answering }: { readonly answering: Answering }) {
  const { question } = useTexts()
  const [typed, setTyped] = useState("")
  const [isWrong, setWrong] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    try {
      const value = JSON.parse(typed) as Json
      setWrong(false)
      answering.answer(value)
    } catch {
      setWrong(true)
    }
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <textarea
        aria-label={question.json}
        aria-invalid={isWrong}
        placeholder={question.json}
        className={`${fieldClass} min-h-20 font-mono text-xs`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        required
      />
      {isWrong && <p className="text-danger">{question.badJson}</p>}
      <Submit answering={answering} />
    </form>
  )
}

function Submit({ answering: { isBusy } }: { readonly answering: Answering }) {
  const { question } = useTexts()
  return (
    <Button look="primary" type="submit" disabled={isBusy} className="self-start">
      {question.send}
    </Button>
  )
}
