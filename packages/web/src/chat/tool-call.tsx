/** A tool that the agent called: one line that says how it went, and the rest for whoever wants to know. */
import type { Block } from "@everthread/protocol"
import { useTexts } from "../hooks/use-texts.ts"
import { argumentsText, outputText } from "../model/tool-text.ts"
import { Code } from "../ui/code.tsx"
import { Icon, type IconName } from "../ui/icon.tsx"

type Tool = NonNullable<Block["tool"]>

const looks: { readonly [S in Tool["status"]]: { readonly icon: IconName; readonly colour: string } } = {
  called: { icon: "clock", colour: "text-faint" },
  running: { icon: "clock", colour: "text-warn" },
  finished: { icon: "check", colour: "text-ok" },
  failed: { icon: "warn", colour: "text-danger" },
}

export function ToolCall({ block, tool }: { readonly block: Block; readonly tool: Tool }) {
  const texts = useTexts()
  const { icon, colour } = looks[tool.status]
  return (
    <details className="group/open w-full max-w-xl rounded-xl border border-line bg-panel text-sm">
      <summary className="flex list-none items-center gap-2 rounded-xl px-3 py-2">
        <Icon name="tool" className="size-4 text-faint" />
        <span className="min-w-0 flex-1 truncate font-mono text-xs">{tool.name}</span>
        <span className={`flex items-center gap-1 text-xs font-medium ${colour}`}>
          <Icon name={icon} className="size-4" />
          {texts.tool[tool.status]}
        </span>
        <Icon name="chevron" className="size-4 text-faint group-open/open:rotate-90" />
      </summary>
      <div className="flex flex-col gap-2 px-3 pb-3">
        {block.text !== "" && <Part label={texts.tool.arguments} text={argumentsText(block.text)} />}
        {tool.output !== undefined && <Part label={texts.tool.output} text={outputText(tool.output)} />}
      </div>
    </details>
  )
}

function Part({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div>
      <p className="mb-1 text-xs text-faint">{label}</p>
      <Code text={text} />
    </div>
  )
}
