/**
 * Markdown as nodes that are safe to put into the page.
 *
 * Whoever speaks may be an agent that somebody talked into mischief, so what comes out is sanitised as a whole at every
 * delta, never piece by piece: raw HTML is shown as text, links lead to other origins only and open on their own, and
 * images come from our own origin, because the address of any other is a message to it.
 */
import DOMPurify, { type Config } from "dompurify"
import { Marked } from "marked"

const tags = [
  ...["p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "a", "img"],
  ...["strong", "em", "del", "code", "pre", "table", "thead", "tbody", "tr", "th", "td"],
]

const policy: Config = {
  ALLOWED_TAGS: tags,
  ALLOWED_ATTR: ["href", "title", "src", "alt", "start", "align"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  // Not the addresses of this very app: one of those may bring a token, or do something when it is opened.
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|\/(?![/\\]))/i,
  RETURN_DOM_FRAGMENT: true,
}

const marked = new Marked({
  gfm: true,
  breaks: true,
  async: false,
  renderer: {
    html: ({ text }) => escaped(text),
    checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
  },
})

export function renderMarkdown(text: string, origin: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(marked.parse(text) as string, policy) as unknown as DocumentFragment
  for (const link of fragment.querySelectorAll("a")) guardLink(link, origin)
  for (const image of fragment.querySelectorAll("img")) guardImage(image, origin)
  // What may be wider than its place scrolls, and has to be reached with the keyboard.
  for (const wide of fragment.querySelectorAll("pre, table")) wide.setAttribute("tabindex", "0")
  return fragment
}

const linkProtocols = new Set(["https:", "http:", "mailto:"])

/** A link to ourselves, or to nowhere, becomes its words. */
function guardLink(link: HTMLAnchorElement, origin: string): void {
  const to = urlOf(link.getAttribute("href"), origin)
  // The sanitiser has looked at the protocol before: this is not to hang on one look alone.
  if (to === undefined || !linkProtocols.has(to.protocol) || to.origin === origin)
    return link.replaceWith(...link.childNodes)
  link.target = "_blank"
  link.rel = "noopener noreferrer nofollow"
}

/** An image from elsewhere becomes a link, which loads nothing by itself. */
function guardImage(image: HTMLImageElement, origin: string): void {
  const from = urlOf(image.getAttribute("src"), origin)
  if (from?.origin === origin) return
  const alt = image.alt || "image"
  if (from === undefined || image.closest("a")) return image.replaceWith(alt)
  const link = image.ownerDocument.createElement("a")
  link.href = from.href
  link.textContent = alt
  image.replaceWith(link)
  guardLink(link, origin)
}

function urlOf(address: string | null, origin: string): URL | undefined {
  if (address === null || address === "") return undefined
  return URL.canParse(address, origin) ? new URL(address, origin) : undefined
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
}
