/** A dialog over the page: it holds the focus, Esc closes it, and its title is its name. */
import { Dialog } from "@base-ui/react/dialog"
import { type ReactNode, useRef } from "react"
import { useTexts } from "../hooks/use-texts.ts"
import { IconButton } from "./button.tsx"

interface ModalProps {
  readonly isOpen: boolean
  readonly title: string
  readonly children: ReactNode
  /** Its title is only for those who hear the page. */
  readonly isBare?: boolean
  close(): void
}

export function Modal({ isOpen, title, children, isBare = false, close }: ModalProps) {
  const texts = useTexts()
  const popup = useRef<HTMLDivElement>(null)
  const place = isBare ? "top-[12vh]" : "top-1/2 -translate-y-1/2"
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => open || close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup
          ref={popup}
          // The first field rather than the button that closes it, where there is one.
          initialFocus={() => popup.current?.querySelector<HTMLElement>("input") ?? true}
          className={`popup fixed left-1/2 ${place} max-h-[85dvh] w-[min(28rem,calc(100vw-1.5rem))] -translate-x-1/2 overflow-y-auto rounded-2xl border border-line bg-raised shadow-xl`}
        >
          <div className={isBare ? "sr-only" : "flex items-center justify-between py-2 pr-2 pl-5"}>
            <Dialog.Title className="text-base font-semibold">{title}</Dialog.Title>
            {!isBare && <IconButton icon="close" label={texts.close} onClick={close} />}
          </div>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
