/** What an agent asks: the question, who answered, or the form to answer it in, and how long that is open. */
import type { Interrupt, Run } from "@everthread/protocol"
import { isOpen } from "@everthread/protocol"
import { memo } from "react"
import { useNow } from "../hooks/use-now.ts"
import { useTexts } from "../hooks/use-texts.ts"
import { Markdown } from "../markdown/markdown.tsx"
import { formOf } from "../model/answer-form.ts"
import { type Action, isYesOrNo, printed, type Question, questionOf } from "../model/question.ts"
import { remainingText } from "../model/times.ts"
import { Code } from "../ui/code.tsx"
import { Icon } from "../ui/icon.tsx"
import { AnswerFields } from "./answer-fields.tsx"

interface QuestionCardProps {
  readonly interrupt: Interrupt
  readonly run: Run | undefined
}

export const QuestionCard = memo(function QuestionCard({ interrupt, run }: QuestionCardProps) {
  const { question: texts, chat } = useTexts()
  const question = questionOf(interrupt.value)
  const title = texts.title(run?.agent ?? chat.assistant)
  const isAnswerable = interrupt.answer === undefined && (run === undefined || isOpen(run))
  return (
    <section
      aria-label={title}
      className={`mt-3 mr-8 ml-10.5 flex max-w-xl flex-col gap-2 rounded-xl border p-3 text-sm ${isAnswerable ? "border-accent bg-raised" : "border-line bg-panel"}`}
    >
      <p className="flex items-center gap-2 font-semibold">
        <Icon name="agent" className="size-4 text-accent" />
        {title}
      </p>
      <Asked question={question} />
      {interrupt.answer && <Answered answer={interrupt.answer} question={question} />}
      {isAnswerable && <AnswerFields interrupt={interrupt} form={formOf(interrupt.schema, question)} />}
      {isAnswerable && <Expiry interrupt={interrupt} />}
      {!isAnswerable && !interrupt.answer && <p className="text-faint">{texts.ended}</p>}
    </section>
  )
})

function Asked({ question: { text, actions, rest } }: { readonly question: Question }) {
  return (
    <>
      {text !== undefined && <Markdown text={text} />}
      {actions.map(({ name, fields, args }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a question never changes.
        <div key={index} className="flex flex-col gap-1">
          <p className="flex items-center gap-1.5 font-mono text-xs">
            <Icon name="tool" className="size-4 text-faint" />
            {name}
          </p>
          {fields.length > 0 && <Arguments fields={fields} />}
          {args !== undefined && <Code text={args} />}
        </div>
      ))}
      {rest !== undefined && <Code text={rest} />}
    </>
  )
}

function Arguments({ fields }: Pick<Action, "fields">) {
  return (
    <dl className="pl-5.5 [overflow-wrap:anywhere]">
      {fields.map(([label, value]) => (
        <div key={label}>
          <dt className="inline text-faint">{label}:</dt> <dd className="inline whitespace-pre-wrap">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

interface AnsweredProps {
  readonly answer: NonNullable<Interrupt["answer"]>
  readonly question: Question
}

function Answered({ answer: { by, value }, question }: AnsweredProps) {
  const { question: texts } = useTexts()
  const isPlain = isYesOrNo(question)
  const isYes = value === true || (isPlain && value === "yes")
  const isNo = value === false || (isPlain && value === "no")
  const shown = isYes ? texts.yes : isNo ? texts.no : printed(value)
  return (
    <div className="flex flex-col gap-1">
      <p className="flex items-center gap-1.5 text-faint">
        <Icon name={by ? "check" : "clock"} className="size-4" />
        {by ? texts.answeredBy(by.user) : texts.expired}
      </p>
      <p className="font-medium whitespace-pre-wrap [overflow-wrap:anywhere]">{shown}</p>
    </div>
  )
}

function Expiry({ interrupt: { expiresAt, default: byDefault } }: { readonly interrupt: Interrupt }) {
  const { question: texts } = useTexts()
  const now = useNow(expiresAt !== undefined)
  if (expiresAt === undefined) return null
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 text-xs text-faint tabular-nums">
      <Icon name="clock" className="size-3.5" />
      {texts.expiresIn(remainingText(expiresAt - now))}
      {byDefault !== undefined && <span>· {texts.thenDefault(printed(byDefault))}</span>}
    </p>
  )
}
