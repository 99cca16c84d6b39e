/** A field that is as high as what is in it, up to what its style allows. */
import { type RefObject, useLayoutEffect } from "react"

export function useGrowing(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the text that makes the height.
  useLayoutEffect(() => {
    const element = field.current
    if (!element) return
    element.style.height = "auto"
    element.style.height = `${element.scrollHeight}px`
  }, [field, text])
}
