import { createHash } from 'node:crypto'
import { pageScript } from './page-script.ts'
import { pageStyle } from './page-style.ts'

/** The documentation page: reads `openapi.json` beside it and shows it. Loads nothing else. */
export const docsPage: string = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Countersign API</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>Countersign</h1>
<p id="about">Loading…</p>
<p id="who" role="status">Not signed in. Try <a href="#post-register">register</a> or <a href="#post-login">login</a>: the access token they answer is used from then on, and forgotten when you leave.</p>
</header>
<main id="operations"></main>
<script>${pageScript}</script>
</body>
</html>
`

/** Lets this style and this script run, and lets them talk to this origin only. */
export const docsPagePolicy: string = [
  "default-src 'none'",
  `style-src ${hashSource(pageStyle)}`,
  `script-src ${hashSource(pageScript)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
