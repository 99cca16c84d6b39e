/** Tells what went wrong at the lower edge, without taking the focus away. */
import { useStore } from "../hooks/use-store.ts"
import { Icon } from "./icon.tsx"
import { useWorkspace } from "./workspace.ts"

export function NoticeBar() {
  const notice = useStore(useWorkspace().notices)
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 bottom-24 z-50 flex justify-center p-3">
      {notice !== undefined && (
        <p className="popup flex max-w-md items-center gap-2 rounded-xl border border-danger bg-raised px-4 py-2 text-sm shadow-lg">
          <Icon name="warn" className="size-5 text-danger" />
          {notice}
        </p>
      )}
    </div>
  )
}
