/** The style of the API's page: readable in light and dark, on a phone and on paper. */
export const docsStyle = `
:root { color-scheme: light dark; --line: #d4d7dc; --soft: #f4f5f7; --text: #16181d; --quiet: #555b66; --page: #fff; --link: #0b57c2 }
@media (prefers-color-scheme: dark) {
  :root { --line: #3a3f48; --soft: #23262c; --text: #eceef1; --quiet: #aab1bd; --page: #16181d; --link: #8ab8ff }
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif }
h1, h2, h4 { line-height: 1.25 }
h2 { margin: 2rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line) }
h1 small, small { color: var(--quiet); font-weight: 400; font-size: .85em }
a { color: var(--link) }
code { font: .9em ui-monospace, monospace; background: var(--soft); padding: .1em .3em; border-radius: 3px; overflow-wrap: anywhere }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: .75rem 0; border-block: 1px solid var(--line) }
details { border-bottom: 1px solid var(--line); padding: .4rem 0 }
summary { cursor: pointer; padding: .3rem .2rem }
summary:hover { background: var(--soft) }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
.method { display: inline-block; min-width: 4.2rem; font-weight: 700; font-size: .85rem }
.what { color: var(--quiet) }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: .92rem }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line) }
dl { display: grid; grid-template-columns: 4rem 1fr; margin: 0 }
dd { margin: 0 0 .5rem }
dd p, dd ul { margin: 0; padding-left: 1.1rem }
dd p { padding: 0 }
:target > summary { background: var(--soft) }
`;
