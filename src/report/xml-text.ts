/** Text for an element or a quoted attribute of XML or HTML. What XML 1.0 §2.2 has no place for becomes U+FFFD; line ends in
 *  attributes are kept as character references. */
export function escapeMarkup(text: string): string {
  return text.replace(NO_CHARACTER, '\u{fffd}').replace(SPECIAL, (character) => REFERENCES[character]!);
}

/** An element with its attributes; those that are undefined are left out. Content is markup already. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  content = '',
): string {
  const written = Object.entries(attributes).flatMap(([attribute, value]) =>
    value === undefined ? [] : [` ${attribute}="${escapeMarkup(String(value))}"`],
  );
  const open = `<${name}${written.join('')}`;
  return content === '' ? `${open}/>` : `${open}>${content}</${name}>`;
}

/** Everything but Char of XML 1.0, and what is a character for XML 1.1 alone; lone surrogates too. */
const NO_CHARACTER = /[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const SPECIAL = /[&<>"'\t\n\r]/g;
const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};
