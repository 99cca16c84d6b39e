/**
 * A list that grows at its end and at its beginning: at the end it stays at the end, and what comes in above moves nothing
 * that somebody is reading.
 *
 * Browsers anchor scrolling by themselves, but not all do, and two anchors fight: theirs is off (`overflow-anchor`).
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react"

/** So near to the end counts as at the end. */
const endPx = 60

export interface PinnedScroll {
  readonly scroller: RefObject<HTMLElement | null>
  readonly content: RefObject<HTMLDivElement | null>
  readonly isAtEnd: boolean
  toEnd(): void
  /** For the scroller's `onScroll`. */
  scrolled(): void
}

/** @param keys of what is listed, the first one on top. */
export function usePinnedScroll(keys: readonly string[]): PinnedScroll {
  const scroller = useRef<HTMLElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const pinned = useRef(true)
  const before = useRef<{ readonly height: number; readonly first: string | undefined }>({
    height: 0,
    first: undefined,
  })
  const [isAtEnd, setAtEnd] = useState(true)

  const toEnd = useCallback(() => {
    pinned.current = true
    setAtEnd(true)
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight
  }, [])

  const scrolled = useCallback(() => {
    if (!scroller.current) return
    const { scrollTop, scrollHeight, clientHeight } = scroller.current
    pinned.current = scrollHeight - scrollTop - clientHeight < endPx
    setAtEnd(pinned.current)
  }, [])

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const { height, first } = before.current
    const cameAbove = first !== undefined && keys[0] !== first && keys.includes(first)
    if (pinned.current) element.scrollTop = element.scrollHeight
    else if (cameAbove) element.scrollTop += element.scrollHeight - height
    before.current = { height: element.scrollHeight, first: keys[0] }
  }, [keys])

  useEffect(() => {
    // What is opened, loaded or resized changes the height without anything new in the list.
    const observer = new ResizeObserver(() => {
      const element = scroller.current
      if (!element) return
      if (pinned.current) element.scrollTop = element.scrollHeight
      before.current = { ...before.current, height: element.scrollHeight }
    })
    if (content.current) observer.observe(content.current)
    if (scroller.current) observer.observe(scroller.current)
    return () => observer.disconnect()
  }, [])

  return { scroller, content, isAtEnd, toEnd, scrolled }
}
