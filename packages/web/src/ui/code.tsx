/** What a program wrote. It may be longer than its place: what scrolls has to be reached with the keyboard. */
export function Code({ text, className = "" }: { readonly text: string; readonly className?: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
    <pre tabIndex={0} className={`code ${className}`}>
      {text}
    </pre>
  )
}
