// Makes what stands on the page. Every word of a certificate is a stranger's: it gets here as text, never as markup, and never
// with characters that nobody sees.

/** An element; what is no element among its children becomes text. */
export function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className !== '') node.className = className;
  node.append(...children.map(asShown));
  return node;
}

/** A drawing, or a part of one. */
export function drawing(tag, attributes, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export function at(id) {
  return document.getElementById(id);
}

export function say(id, ...children) {
  fill(id, children.map(asShown));
}

export function fill(id, nodes) {
  at(id).replaceChildren(...nodes);
}

/** A word of somebody else, which may read from right to left: what stands around it does not turn with it. */
export function theirs(text) {
  return element('bdi', '', text);
}

/** A cell of a heading, for its column or its row. */
export function heading(scope, ...children) {
  const cell = element('th', '', ...children);
  cell.scope = scope;
  return cell;
}

/** A sign for the eye, and a word for who hears the page. */
export function sign(shown, heard) {
  const mark = element('span', '', shown);
  mark.setAttribute('aria-hidden', 'true');
  return [mark, element('span', 'unseen', heard)];
}

/** What stands between backticks is something to type. */
export function prose(className, text) {
  const parts = text.split('`').map((part, index) => (index % 2 === 0 ? part : typed(part)));
  return element('p', className, ...parts);
}

/** A command, whose words stay whole: `--cert` is none over two lines. */
export function typed(command) {
  const words = command.split(' ').flatMap((word, index) => {
    const kind = word.length <= LONGEST_WORD ? 'word' : '';
    return index === 0 ? [element('span', kind, word)] : [' ', element('span', kind, word)];
  });
  return element('code', '', ...words);
}

export function remedy(text) {
  return prose('remedy', text);
}

/** Marks what `drawTimes` keeps up to date. */
export function timed(node, { notBefore, notAfter }) {
  node.dataset.since = notBefore;
  node.dataset.until = notAfter;
  return node;
}

/** Characters that steer what is read, or that nobody sees, are shown as `\u202e`, as in a terminal. Those that join letters
 *  belong to how some languages are written. */
export function plain(text) {
  return text.replace(UNSEEN, (found) => `\\u${found.codePointAt(0).toString(16).padStart(4, '0')}`);
}

function asShown(child) {
  return typeof child === 'string' ? plain(child) : child;
}

/** More would not fit a phone. */
const LONGEST_WORD = 24;
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
