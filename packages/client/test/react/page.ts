/** Components in an emulated document. */
import { Window } from "happy-dom"
import { act, type ReactNode } from "react"
import type { Root } from "react-dom/client"
import { settled } from "../../../../test/support/manual-clock.ts"

const dom = new Window({ url: "http://localhost/" })

/** React looks for them when it is loaded. */
function provideDocument(): void {
  const { document, navigator, HTMLElement, HTMLIFrameElement, Node, Event } = dom
  const parts = { window: dom, document, HTMLElement, HTMLIFrameElement, Node, Event, IS_REACT_ACT_ENVIRONMENT: true }
  for (const [name, part] of Object.entries(parts)) Object.assign(globalThis, { [name]: part })
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true })
}

export class Page {
  readonly #root: Root
  readonly #element: HTMLElement

  private constructor(root: Root, element: HTMLElement) {
    this.#root = root
    this.#element = element
  }

  static async open(node: ReactNode): Promise<Page> {
    provideDocument()
    const { createRoot } = await import("react-dom/client")
    const element = dom.document.createElement("div") as unknown as HTMLElement
    // React hears of clicks only in the document.
    document.body.append(element)
    const page = new Page(createRoot(element), element)
    await page.show(node)
    return page
  }

  /** What a person would read. */
  get text(): string {
    return this.#element.textContent ?? ""
  }

  show(node: ReactNode): Promise<void> {
    return this.after(() => this.#root.render(node))
  }

  /** @throws if there is no such element. */
  find(selector: string): HTMLElement {
    const found = this.#element.querySelector<HTMLElement>(selector)
    if (!found) throw new Error(`no ${selector} in ${this.#element.innerHTML}`)
    return found
  }

  async leave(): Promise<void> {
    await this.after(() => this.#root.unmount())
    this.#element.remove()
  }

  /** Does something, and lets React do what follows from it. */
  async after(run: () => unknown): Promise<void> {
    await act(async () => {
      await run()
      await settled()
    })
  }
}
