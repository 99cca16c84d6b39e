/** Says what stays done when an answer is given anew, and asks whether it is to be given all the same. */
import { useTexts } from "../hooks/use-texts.ts"
import { Button } from "../ui/button.tsx"
import { Modal } from "../ui/modal.tsx"

interface AnewWarningProps {
  /** What has been done. */
  readonly tools: readonly string[]
  act(): void
  close(): void
}

export default function AnewWarning({ tools, act, close }: AnewWarningProps) {
  const { message, cancel } = useTexts()
  const go = () => {
    close()
    act()
  }
  return (
    <Modal isOpen title={message.anew} close={close}>
      <div className="flex flex-col gap-4 px-5 pb-5 text-sm">
        <p>{message.staysDone(tools.join(", "))}</p>
        <div className="flex justify-end gap-2">
          <Button onClick={close}>{cancel}</Button>
          <Button look="primary" onClick={go}>
            {message.anew}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
