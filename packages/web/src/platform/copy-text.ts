/** Puts a text on the clipboard, also on pages that came over plain HTTP: there browsers keep the clipboard's API away. */

/** @throws where the browser does not let it. */
export async function copyText(text: string, page: Document = document): Promise<void> {
  // Typed as always there; on an insecure page it is not.
  const clipboard = navigator.clipboard as Clipboard | undefined
  if (clipboard) return clipboard.writeText(text)
  const field = page.createElement("textarea")
  field.value = text
  // Beside what holds the focus, a dialog above all: it would be taken back from anywhere else.
  const place = page.activeElement?.parentElement ?? page.body
  place.append(field)
  field.select()
  const isCopied = page.execCommand("copy")
  field.remove()
  if (!isCopied) throw new Error("the browser does not let pages copy")
}
