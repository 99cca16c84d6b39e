/** One field of an answer: whatever its shape asks for, as text until it is sent. */
import { useId } from "react"
import { useTexts } from "../hooks/use-texts.ts"
import type { FieldForm } from "../model/answer-form.ts"
import { printed } from "../model/question.ts"
import { fieldClass } from "../ui/field.tsx"

interface FormFieldProps {
  readonly form: FieldForm
  readonly label: string
  readonly value: string
  readonly isRequired: boolean
  /** Its label is only for those who hear the page. */
  readonly isBare?: boolean
  change(text: string): void
}

export function FormField({ label, isBare = false, ...rest }: FormFieldProps) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className={isBare ? "sr-only" : "text-xs font-medium"}>
        {label}
      </label>
      <Input id={id} {...rest} />
    </div>
  )
}

type InputProps = Omit<FormFieldProps, "label" | "isBare"> & { readonly id: string }

function Input({ id, form, value, isRequired, change }: InputProps) {
  const { question } = useTexts()
  const common = { id, value, required: isRequired, className: fieldClass }
  switch (form.kind) {
    case "text":
      if (!form.isLong) return <input {...common} onChange={(event) => change(event.target.value)} />
      return <textarea {...common} rows={2} onChange={(event) => change(event.target.value)} />
    case "number":
      return <input {...common} type="number" step="any" onChange={(event) => change(event.target.value)} />
    case "yes-no":
      return (
        <select {...common} onChange={(event) => change(event.target.value)}>
          <option value="">{question.choose}</option>
          <option value="true">{question.yes}</option>
          <option value="false">{question.no}</option>
        </select>
      )
    case "choice":
      return (
        <select {...common} onChange={(event) => change(event.target.value)}>
          <option value="">{question.choose}</option>
          {form.values.map((choice, index) => (
            <option key={printed(choice)} value={index}>
              {printed(choice)}
            </option>
          ))}
        </select>
      )
  }
}
