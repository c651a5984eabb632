// What changes: counts, the last minute, who was refused and why, and how long every certificate still has.

import { at, drawing, element, fill, remedy, say } from './elements.js';
import { counted, number, span } from './words.js';

const MINUTE = 60;
/** How often who hears the page is told of refusals, at most. */
const NEWS_MS = 5_000;
/** As high as the picture is at least, so that one handshake is a small thing. */
const LEAST_HEIGHT = 6;
/** Handshakes and refusals of each of the last sixty seconds, the newest last. */
const minute = Array.from({ length: MINUTE }, () => ({ handshakes: 0, refused: 0 }));
let secondsSeen = 0;
let toldAt = Number.NEGATIVE_INFINITY;

/** @param before the counts that were drawn last; undefined at first */
export function drawCounts(counts, before) {
  if (before !== undefined) {
    const now = minute[MINUTE - 1];
    now.handshakes += Math.max(0, counts.handshakes - before.handshakes);
    now.refused += Math.max(0, counts.refused - before.refused);
  }
  const tiles = [
    ['handshakes', counts.handshakes],
    ['resumed', counts.resumed],
    ['open now', counts.openConnections],
    ['requests', counts.requests],
    ['refused', counts.refused, counts.refused > 0 ? 'bad some' : 'bad'],
  ].map(([term, value, kind = '']) =>
    element('div', kind, element('dt', '', term), element('dd', '', number(value))),
  );
  fill('tiles', tiles);
  drawRefusals(counts.refusals, before?.refusals);
  drawMinute();
}

function drawRefusals(refusals, before) {
  const isFresh = ({ code, count }) =>
    before !== undefined && count > (before.find((old) => old.code === code)?.count ?? 0);
  at('no-refusals').hidden = refusals.length > 0;
  fill(
    'refusals',
    refusals.map((refusal) =>
      element(
        'li',
        isFresh(refusal) ? 'fresh' : '',
        element('p', 'count', `${number(refusal.count)} ×`),
        element('div', '', refusalHead(refusal), remedy(refusal.fix)),
      ),
    ),
  );
  const fresh = refusals.filter(isFresh).map(({ title }) => title);
  if (fresh.length === 0 || performance.now() - toldAt < NEWS_MS) return;
  toldAt = performance.now();
  say('news', `Refused: ${fresh.join('; ')}`);
}

function refusalHead({ code, title, lastAt }) {
  const when = element('time', 'when soft');
  when.dateTime = lastAt;
  return element('p', 'head', element('span', 'why', title), element('code', 'soft', code), when);
}

export function passSecond() {
  minute.shift();
  minute.push({ handshakes: 0, refused: 0 });
  secondsSeen += 1;
  drawMinute();
}

function drawMinute() {
  const most = Math.max(LEAST_HEIGHT, ...minute.flatMap((second) => Object.values(second)));
  const bars = minute.flatMap(({ handshakes, refused }, second) => [
    bar(second * 4, handshakes / most, ''),
    bar(second * 4 + 1.5, refused / most, 'no'),
  ]);
  const sum = (kind) => minute.reduce((total, second) => total + second[kind], 0);
  fill(
    'minute',
    bars.filter((one) => one !== null),
  );
  if (secondsSeen === MINUTE) say('minute-length', 'The last minute');
  say('minute-handshakes', counted(sum('handshakes'), 'handshake'));
  say('minute-refused', `${number(sum('refused'))} refused`);
}

function bar(x, part, kind) {
  if (part === 0) return null;
  return drawing('rect', { x, width: 1.5, y: 40 - 40 * part, height: 40 * part, class: kind });
}

/** All that changes by time alone.
 *  @param now the server's clock, in milliseconds */
export function drawTimes(now) {
  for (const node of document.querySelectorAll('[data-until]')) {
    const [since, until] = [Date.parse(node.dataset.since), Date.parse(node.dataset.until)];
    const left = until - now;
    const part = Math.min(1, Math.max(0, left / (until - since)));
    node.classList.toggle('over', left < 0);
    node.classList.toggle('soon', left >= 0 && part < 0.2);
    if (node.classList.contains('life')) node.firstChild.setAttribute('width', part * 100);
    else node.textContent = left < 0 ? `expired ${span(-left)} ago` : `${span(left)} left`;
  }
  for (const when of document.querySelectorAll('time.when')) {
    const ago = now - Date.parse(when.dateTime);
    when.textContent = ago < 2000 ? 'just now' : `${span(ago)} ago`;
  }
}
