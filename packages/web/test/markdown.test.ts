// @vitest-environment happy-dom
/**
 * What becomes of Markdown, without a browser: quick to run, and no more than a model of one, in which the sanitiser lets
 * through what it stops in every browser. So it shows what is left when it does; `browser/markdown.test.ts` has the same corpus.
 */
import { patchChildren } from "../src/markdown/patch-children.ts"
import { renderMarkdown } from "../src/markdown/render-markdown.ts"
import { xssCorpus } from "./support/xss-corpus.ts"

const origin = "https://chat.example"
const html = (text: string) => {
  const host = document.createElement("div")
  host.append(renderMarkdown(text, origin))
  return host.innerHTML.trim()
}

test.each(xssCorpus)("%j has nothing left that acts", (text) => {
  const host = document.createElement("div")
  host.append(renderMarkdown(text, origin))
  for (const element of host.querySelectorAll("*")) {
    expect(element.tagName).not.toMatch(
      /^(?:SCRIPT|STYLE|IFRAME|OBJECT|EMBED|FORM|INPUT|BUTTON|SVG|MATH|BASE|META|LINK)$/i,
    )
    for (const { name, value } of element.attributes) {
      expect(name).not.toMatch(/^(?:on|style|id|name|srcdoc|formaction)/i)
      if (name === "href") expect(value).toMatch(/^(?:https?:\/\/(?!chat\.example)|mailto:)/)
      if (name === "src") expect(value).toMatch(/^\/(?![/\\])/)
    }
  }
})

test("HTML is the text that it is", () => {
  expect(html("<b>x</b>")).toContain("&lt;b&gt;x&lt;/b&gt;")
})

test("a link leads elsewhere on its own; one to ourselves is its words", () => {
  expect(html("[a](https://b.example/c)")).toContain('rel="noopener noreferrer nofollow"')
  expect(html("[a](https://chat.example/#token=x)")).not.toContain("<a")
  expect(html("[a](#token=x) [b](/c)")).not.toContain("<a")
})

test("an image of ours is shown, and another one is a link that loads nothing", () => {
  expect(html("![a](/pictures/b.png)")).toContain('<img src="/pictures/b.png" alt="a">')
  expect(html("![a](https://b.example/c.png)")).toContain('<a href="https://b.example/c.png"')
  expect(html("![a](https://b.example/c.png)")).not.toContain("<img")
})

test("tasks are marked without a field that could be filled in", () => {
  expect(html("- [x] done\n- [ ] open")).toMatch(/☑ done[\s\S]*☐ open/)
})

test("what grows keeps the very nodes of what stands before it", () => {
  const host = document.createElement("div")
  const show = (...paragraphs: readonly string[]) => {
    const fragment = document.createDocumentFragment()
    for (const text of paragraphs) fragment.append(Object.assign(document.createElement("p"), { textContent: text }))
    patchChildren(host, fragment)
  }
  show("first", "sec")
  const [first] = host.children
  show("first", "second")
  expect(host.children[0]).toBe(first)
  expect(host.textContent).toBe("firstsecond")
  show("first")
  expect(host.children).toHaveLength(1)
  show("other")
  expect(host.textContent).toBe("other")
})
