export const pageStyle = `
:root { color-scheme: light dark; --line: light-dark(#d8dde3, #3a424c); --soft: light-dark(#f5f7f9, #1c2128); --accent: light-dark(#0b5cad, #6cb2ff); --bad: light-dark(#a4262c, #ff8a8a) }
* { box-sizing: border-box }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 0 auto; padding: 2rem 1rem 6rem; color: light-dark(#1b1f24, #e6e9ee); background: light-dark(#fff, #14181d) }
h1 { margin: 0; font-size: 1.75rem } h2 { margin: 2.5rem 0 .5rem; font-size: 1.15rem }
a { color: var(--accent) }
#who { background: var(--soft); border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .9rem }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0 }
summary { cursor: pointer; padding: .6rem .9rem; display: flex; gap: .75rem; align-items: baseline; flex-wrap: wrap }
summary:focus-visible, button:focus-visible, textarea:focus-visible, input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.method { font: 600 .8rem ui-monospace, monospace; min-width: 4.2em; color: var(--accent) }
.path { font: .95rem ui-monospace, monospace; overflow-wrap: anywhere }
.summary { opacity: .8 } .inside { padding: 0 .9rem .9rem; border-top: 1px solid var(--line) }
label { display: block; font-size: .9rem; margin: .6rem 0 .2rem }
textarea, input { width: 100%; font: .9rem/1.45 ui-monospace, monospace; padding: .5rem; border: 1px solid var(--line); border-radius: .35rem; background: var(--soft); color: inherit }
button { margin: .75rem 0; font: inherit; padding: .35rem 1.1rem; border: 0; border-radius: .35rem; background: var(--accent); color: light-dark(#fff, #10151b); cursor: pointer }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: .35rem; padding: .7rem; overflow: auto; font: .85rem/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 }
table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: .5rem 0 } td { border-top: 1px solid var(--line); padding: .3rem .6rem .3rem 0; vertical-align: top } td:first-child { font-family: ui-monospace, monospace; white-space: nowrap }
.bad { color: var(--bad) }
`
