/** A field with its label and what is wrong with it, tied together for those who hear the page. */
import { type ComponentProps, useId } from "react"

interface Labelled {
  readonly label: string
  readonly hint?: string | undefined
  readonly problem?: string | undefined
}

export const fieldClass =
  "w-full min-h-10 rounded-lg border border-line bg-raised px-3 py-2 text-ink placeholder:text-faint aria-invalid:border-danger"

export function TextField({ label, hint, problem, className = "", ...rest }: ComponentProps<"input"> & Labelled) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        id={id}
        className={`${fieldClass} ${className}`}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-about`}
        {...rest}
      />
      <p id={`${id}-about`} className={`min-h-4 text-xs ${problem === undefined ? "text-faint" : "text-danger"}`}>
        {problem ?? hint}
      </p>
    </div>
  )
}

export function SelectField({ label, children, ...rest }: ComponentProps<"select"> & Pick<Labelled, "label">) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <select id={id} className={fieldClass} {...rest}>
        {children}
      </select>
    </div>
  )
}
