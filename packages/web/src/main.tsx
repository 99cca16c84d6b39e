/** Starts the app: what is remembered, how it looks, and whether a link has brought a token. */
import { CSPProvider } from "@base-ui/react/csp-provider"
import { systemClock } from "@everthread/protocol"
import { createRoot } from "react-dom/client"
import { keepTokenOf } from "./account/account.ts"
import { takeToken } from "./account/token.ts"
import { App } from "./app.tsx"
import { PreferencesContext } from "./hooks/use-texts.ts"
import { htmlLanguages, languageStore } from "./i18n/language.ts"
import { developerStore } from "./platform/developer.ts"
import { browserKeep } from "./platform/keep.ts"
import { showTheme, themeStore } from "./platform/theme.ts"
import { Crash } from "./ui/crash.tsx"

const theme = themeStore(browserKeep)
showTheme(theme, document.documentElement)

const developer = developerStore(browserKeep)
const language = languageStore(browserKeep, navigator.languages)
const showLanguage = () => {
  document.documentElement.lang = htmlLanguages[language.snapshot()]
}
showLanguage()
language.subscribe(showLanguage)

function takeTokenOfLink(): void {
  const { token, rest } = takeToken(location.hash)
  if (token === undefined) return
  // Out of the address before anything else: it must not stand in the history.
  history.replaceState(null, "", location.pathname + location.search + rest)
  keepTokenOf(browserKeep, token, systemClock.now())
}
takeTokenOfLink()

const host = document.getElementById("app")
if (host) {
  createRoot(host).render(
    <CSPProvider disableStyleElements>
      <PreferencesContext value={{ language, theme, developer }}>
        <Crash>
          <App />
        </Crash>
      </PreferencesContext>
    </CSPProvider>,
  )
}
