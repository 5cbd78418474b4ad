import { createHash } from 'node:crypto'
import { mailPageScript } from './page-script.ts'

/** A page with a button that posts the secret of a link. */
export interface MailPage {
  readonly title: string
  readonly text: string
  readonly button: string
  /** Shown when it worked. */
  readonly done: string
  /** Where the secret is posted, below the base path. */
  readonly endpoint: string
  readonly asksPassword?: true
}

const style = `
:root { color-scheme: light dark }
* { box-sizing: border-box }
body { font: 17px/1.5 system-ui, sans-serif; margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; color: light-dark(#1b1f24, #e6e9ee); background: light-dark(#f4f5f7, #14181d) }
main { width: 100%; max-width: 27rem; background: light-dark(#fff, #1c2128); border: 1px solid light-dark(#d8dde3, #3a424c); border-radius: .75rem; padding: 2rem }
h1 { font-size: 1.35rem; line-height: 1.25; margin: .15rem 0 1rem }
.site { margin: 0; font-size: .9rem; opacity: .75; overflow-wrap: anywhere }
label { display: block; font-size: .95rem; margin: 1rem 0 .3rem }
input { width: 100%; font: inherit; padding: .6rem; border: 1px solid light-dark(#8b95a1, #5b6675); border-radius: .4rem; background: transparent; color: inherit }
button { width: 100%; font: inherit; font-weight: 600; margin-top: 1.25rem; padding: .7rem 1rem; border: 0; border-radius: .4rem; background: light-dark(#0b5cad, #6cb2ff); color: light-dark(#fff, #10151b); cursor: pointer }
button:disabled { opacity: .6; cursor: default }
button:focus-visible, input:focus-visible { outline: 3px solid light-dark(#0b5cad, #6cb2ff); outline-offset: 2px }
[role=status]:empty { display: none }
[role=status] { margin: 1.25rem 0 0 }
.bad { color: light-dark(#a4262c, #ff8a8a) }
`

/** The page as HTML. It loads nothing, and reads the secret from behind the # of its address. */
export function mailPage(
  page: MailPage,
  { basePath, siteName }: { readonly basePath: string; readonly siteName: string },
): string {
  const { title, text, button, done, endpoint, asksPassword = false } = page
  const password = `<label for="password">New password</label>
<input id="password" type="password" autocomplete="new-password" required>`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<p class="site">${escape(siteName)}</p>
<h1>${escape(title)}</h1>
<form data-endpoint="${escape(basePath + endpoint)}" data-done="${escape(done)}">
<p>${escape(text)}</p>
${asksPassword ? password : ''}
<button disabled>${escape(button)}</button>
</form>
<p id="message" role="status"><noscript>This page needs JavaScript.</noscript></p>
</main>
<script>${mailPageScript}</script>
</body>
</html>
`
}

/** Lets this style and this script run, and lets them talk to this origin only. */
export const mailPagePolicy: string = [
  "default-src 'none'",
  `style-src ${hashSource(style)}`,
  `script-src ${hashSource(mailPageScript)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
