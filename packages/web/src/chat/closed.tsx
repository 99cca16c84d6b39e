/**
 * Why a conversation cannot be shown, and what can be done about it. Whether there is one that this person may not see is
 * for nobody to know: the server says the same of both, and so does this page.
 */
import { type ConversationView, RequestError } from "@everthread/client"
import { useTexts } from "../hooks/use-texts.ts"
import { Button } from "../ui/button.tsx"
import { Icon } from "../ui/icon.tsx"
import { useWorkspace } from "../ui/workspace.ts"

export function Closed({ view }: { readonly view: ConversationView }) {
  const { chat, list } = useTexts()
  const { account, go } = useWorkspace()
  const { error, conversation } = view
  const isStranger = error?.code === "not_member"
  return (
    <div className="m-auto flex flex-col items-center gap-3 p-6 text-center">
      <Icon name={isStranger ? "search" : "warn"} className="size-8 text-faint" />
      <p>{isStranger ? chat.notMember : chat.closed(error?.message ?? "")}</p>
      {isStranger && account.kind === "name" && <Join id={conversation} />}
      {isStranger && account.kind === "token" && (
        <>
          <p className="text-faint">{chat.askOwner(account.user)}</p>
          <Button onClick={() => go(undefined)}>{list.back}</Button>
        </>
      )}
    </div>
  )
}

/** Where nobody proves who they are, whoever can name a conversation may come in, and makes it if there is none. */
function Join({ id }: { readonly id: string }) {
  const { chat } = useTexts()
  const { client, list, notices } = useWorkspace()
  const join = async () => {
    try {
      await client.join(id)
    } catch (error) {
      if (!(error instanceof RequestError) || error.error.code !== "not_member") throw error
      await client.create({ conversation: id })
      await client.join(id)
    }
    await list.refresh()
  }
  return (
    <Button look="primary" onClick={() => notices.watch(join())}>
      {chat.join}
    </Button>
  )
}
