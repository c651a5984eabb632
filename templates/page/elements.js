// Makes what stands on the page. Every word of a certificate is a stranger's: it gets here as text, never as markup.

/** An element; what is no element among its children becomes text. */
export function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className !== '') node.className = className;
  node.append(...children);
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

export function say(id, text) {
  at(id).textContent = text;
}

export function fill(id, nodes) {
  at(id).replaceChildren(...nodes);
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
  const parts = text.split('`').map((part, index) => (index % 2 === 0 ? part : element('code', '', part)));
  return element('p', className, ...parts);
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
