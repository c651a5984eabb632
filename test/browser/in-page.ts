/** Programs that run in a page. They are text, since what is compiled here knows no DOM. */

/** The table of permissions: method, path, and whether it is marked as allowed. */
export const PERMISSIONS = `[...document.querySelectorAll('#permissions tbody tr')].flatMap((row) =>
  [...row.querySelectorAll('.may')].map((may) => [
    may.querySelector('code').textContent,
    row.querySelector('th code').textContent,
    may.classList.contains('yes'),
    may.textContent,
  ]))`;

/** Certificates as the tree nests them: role, name, how long they still have, and under whose name. */
export const TREE = `[...document.querySelectorAll('#tree .certificate')].map((card) => [
  card.querySelector('.what').textContent,
  card.querySelector('.who').textContent,
  card.querySelector('.left').textContent,
  card.closest('li').parentElement.closest('li')?.querySelector('.who').textContent ?? null,
])`;

/** Refusals as they are listed: code, count, and what helps. */
export const REFUSALS = `Object.fromEntries([...document.querySelectorAll('#refusals li')].map((one) => [
  one.querySelector('code').textContent,
  [parseInt(one.querySelector('.count').textContent), one.querySelector('.remedy').innerText],
]))`;

/** Headings by their level, in their order, those apart that are not shown. */
export const HEADINGS = `[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
  .filter((heading) => heading.checkVisibility())
  .map(({ tagName, textContent }) => tagName[1] + ' ' + textContent)`;

/** What has the focus, and whether a sighted person sees that. */
export const FOCUSED = `(() => {
  const one = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  return [one.innerText.trim().split(/\\s+/)[0], outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2];
})()`;

const COLOURS = `
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = parse(colour).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (parse(colour)[3] !== 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const contrast = (one, other) => {
    const [a, b] = [light(one), light(other)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };`;

/** Texts whose contrast with what lies behind them is below 4.5 to 1 (WCAG 2.2 §1.4.3), and drawings that have less than 3 to
 *  1 (§1.4.11). */
export const PALE = `(() => {
  ${COLOURS}
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const pale = [];
  while (walker.nextNode()) {
    const { parentElement: parent, textContent } = walker.currentNode;
    if (textContent.trim() === '' || parent.closest('script, style') || !parent.checkVisibility()) continue;
    if (contrast(getComputedStyle(parent).color, behind(parent)) < 4.5) pale.push(textContent.trim());
  }
  for (const rect of document.querySelectorAll('rect'))
    if (rect.checkVisibility() && contrast(getComputedStyle(rect).fill, behind(rect)) < 3) pale.push(rect.outerHTML);
  for (const box of document.querySelectorAll('.party.proved, .may.yes'))
    if (box.checkVisibility() && contrast(getComputedStyle(box).borderTopColor, behind(box.parentElement)) < 3) pale.push(box.className);
  return pale;
})()`;

/** How large letters are, how far the page reaches beyond the screen, in CSS pixels, and what reaches beyond its own box. */
export const OVERFLOW = `[
  getComputedStyle(document.documentElement).fontSize,
  document.documentElement.scrollWidth - innerWidth,
  ...[...document.querySelectorAll('main *:not(.unseen, svg, svg *), header *, footer *')]
    .filter((box) => getComputedStyle(box).display !== 'inline' && box.scrollWidth > box.clientWidth + 1 && box.clientWidth > 0)
    .map((box) => box.outerHTML.slice(0, 80)),
]`;

/** Whatever of the document could be used against it: scripts, frames, images, handlers and styles in attributes. */
export const ACTIVE = `[
  ...document.querySelectorAll('script:not([type=module]), iframe, img, object, embed, form, base, [style], [src], #tree a'),
  ...[...document.querySelectorAll('*')].filter((one) => [...one.attributes].some(({ name }) => name.startsWith('on'))),
].map((one) => one.outerHTML)`;

/** Ways in which a script could get into a page; what became of each, and what the policy said. */
export const INTRUSION = `(async () => {
  const blocked = new Set();
  let told;
  const all = new Promise((done) => (told = done));
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
    blocked.add(effectiveDirective);
    if (blocked.size === 5) told();
  });
  const attempt = (work) => { try { work(); return 'done'; } catch (error) { return error.name; } };
  const add = (tag, properties) => document.body.append(Object.assign(document.createElement(tag), properties));
  const markup = attempt(() => { document.body.innerHTML += '<img src=x onerror="window.pwned=1">'; });
  attempt(() => add('script', { text: 'window.pwned=1' }));
  attempt(() => { const script = document.createElement('script'); script.append('window.pwned=1'); document.body.append(script); });
  attempt(() => document.body.setAttribute('onclick', 'window.pwned=1'));
  attempt(() => document.body.click());
  attempt(() => add('style', { textContent: 'body { display: none }' }));
  attempt(() => add('img', { src: location.origin + '/whoami' }));
  attempt(() => add('iframe', { src: location.origin + '/whoami' }));
  const elsewhere = await fetch('https://127.0.0.1:1/').then(() => 'done', (error) => error.name);
  await Promise.race([all, new Promise((go) => setTimeout(go, 5000))]);
  const display = getComputedStyle(document.body).display;
  return { markup, elsewhere, display, blocked: [...blocked].sort(), pwned: window.pwned ?? null };
})()`;
