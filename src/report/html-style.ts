/** The look of the HTML report: light and dark as the reader's system is, and as wide as the screen, a phone's too. */
export const HTML_STYLE = `:root {
  --paper: #fff; --ink: #1c2330; --soft: #5a6475; --line: #d9dee7; --raised: #f5f7fa;
  --red: #b3261e; --amber: #8a5300; --green: #17692f; --blue: #1a56a8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #11151c; --ink: #e6eaf1; --soft: #a3adbd; --line: #323a47; --raised: #1a202a;
    --red: #ff8a80; --amber: #ffc46b; --green: #7ddc98; --blue: #8ab8ff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 62rem; padding: 1.25rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
h1, h2 { font-size: 1.35rem; line-height: 1.3; }
h2, h3 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
section + section { border-top: 1px solid var(--line); margin-top: 2.5rem; }
p { margin: .25rem 0; }
code { font-family: ui-monospace, monospace; font-size: .9em; }
.verdict { border: 2px solid; border-radius: .4rem; padding: .05rem .5rem; white-space: nowrap; }
.verdict.pass, .better .label, .right td:first-child { color: var(--green); }
.verdict.fail, .critical .label, .high .label, .worse .label, .wrong td:first-child { color: var(--red); }
.verdict.inconclusive, .medium .label, .undecided .label, .undecided td:first-child { color: var(--amber); }
.label { font-weight: 700; }
.counts, .where, .citation, .foot, dt { color: var(--soft); }
.citation, .foot { font-size: .875rem; }
.remedy::before { content: "→ "; }
.remedy { color: var(--blue); }
ul { list-style: none; margin: 0; padding: 0; }
.findings li { background: var(--raised); border-left: .3rem solid var(--line); margin: .6rem 0; padding: .6rem .8rem; }
.findings .critical, .findings .high, .findings .worse { border-left-color: var(--red); }
.findings .medium, .findings .undecided { border-left-color: var(--amber); }
.findings .better { border-left-color: var(--green); }
.good li { margin: .35rem 0; }
summary { cursor: pointer; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .9rem .3rem 0; text-align: left; vertical-align: top; overflow-wrap: normal; }
th[scope="row"] { font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0; }
dd { margin: 0; }
.foot { margin-top: 1.5rem; }
@media (max-width: 34rem) {
  dl { grid-template-columns: 1fr; }
  dd { margin-bottom: .5rem; }
}
`;
