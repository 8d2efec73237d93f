/** The style of a rendered notebook: readable on screens, dark ones too, and on paper. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --line: #d0d7de; --soft: #f6f8fa; --words: #1f2328; --dim: #59636e; --key: #0550ae; }
@media screen and (prefers-color-scheme: dark) { :root { --line: #3d444d; --soft: #151b23; --words: #f0f6fc; --dim: #9198a1; --key: #79c0ff; } }
body { margin: 0; color: var(--words); font: 16px/1.6 system-ui, sans-serif; }
main { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .75rem 1rem; overflow-x: auto; font: 13px/1.5 ui-monospace, monospace; }
pre.cell { border-left: 4px solid var(--key); }
pre b { color: var(--key); font-weight: normal; }
pre i { color: var(--dim); }
code { font-family: ui-monospace, monospace; font-size: .9em; }
pre code { font-size: inherit; }
table { border-collapse: collapse; display: block; overflow-x: auto; margin: 1rem 0; }
th, td { border: 1px solid var(--line); padding: .25rem .75rem; font-variant-numeric: tabular-nums; }
th { background: var(--soft); text-align: left; }
blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 4px solid var(--line); color: var(--dim); }
img { max-width: 100%; }
.output { margin: -.5rem 0 1.5rem; padding-left: 1rem; border-left: 4px solid var(--line); }
.output footer { color: var(--dim); font-size: .8rem; }
@media print { :root { color-scheme: light; } pre, table { break-inside: avoid; } }
`;
