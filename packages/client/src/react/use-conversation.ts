/**
 * A conversation as a component shows it: followed from when the component is mounted, and not before, because what
 * renders may never be mounted. Until then, and on a server, the view is one of a conversation that nothing is known of.
 */
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from "react"
import { type ConversationView, unknownView } from "../conversation-view.ts"
import { followersOf } from "../followers.ts"
import { useClient } from "./client-context.ts"

type Selector<T> = (view: ConversationView) => T
type IsEqual<T> = (left: T, right: T) => boolean

/** The whole view: renders again with every change of it. */
export function useConversation(id: string): ConversationView
/**
 * What `selector` takes of the view: renders again only when that changes.
 * @param isEqual what "changes" means; `Object.is` without it. A selector that makes new objects needs one of its own.
 */
export function useConversation<T>(id: string, selector: Selector<T>, isEqual?: IsEqual<T>): T
export function useConversation(
  id: string,
  selector: Selector<unknown> = whole,
  isEqual: IsEqual<unknown> = Object.is,
): unknown {
  const client = useClient()
  const shown = useRef<Shown | undefined>(undefined)
  const subscribe = useCallback((listener: () => void) => followersOf(client).follow(id, listener), [client, id])
  const [read, readOnServer] = useMemo(() => {
    const unknown = unknownView(id)
    const select = selecting(selector, isEqual, () => shown.current)
    return [() => select(client.followed(id)?.snapshot() ?? unknown), () => select(unknown)]
  }, [client, id, selector, isEqual])
  const value = useSyncExternalStore(subscribe, read, readOnServer)
  useEffect(() => {
    shown.current = { value }
  }, [value])
  return value
}

interface Shown {
  readonly value: unknown
}

const whole: Selector<unknown> = (view) => view

/**
 * @param shown what the component shows at the moment: a selector that is written in the component is another function
 *   each time it renders, and what it finds may still be the same.
 * @returns the selector, which gives the very same value for as long as it is equal: React asks more than once.
 */
function selecting(
  selector: Selector<unknown>,
  isEqual: IsEqual<unknown>,
  shown: () => Shown | undefined,
): Selector<unknown> {
  let last: { readonly view: ConversationView; readonly value: unknown } | undefined
  return (view) => {
    if (last?.view === view) return last.value
    const before = last ?? shown()
    const value = selector(view)
    last = { view, value: before && isEqual(before.value, value) ? before.value : value }
    return last.value
  }
}
