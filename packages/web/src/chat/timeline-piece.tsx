/** A piece of the timeline: drawn again only when something in it has changed. */
import { memo } from "react"
import type { TimelineItem } from "../model/timeline.ts"
import { TimelineRow } from "./timeline-row.tsx"

export const TimelinePiece = memo(function TimelinePiece({ items }: { readonly items: readonly TimelineItem[] }) {
  return (
    <div className="flex flex-col [contain:layout]">
      {items.map((item) => (
        <TimelineRow key={item.key} item={item} />
      ))}
    </div>
  )
})
