// Keeps the page up to date over one connection (server-sent events), so that staying open costs one request.

import { drawOverview, drawSteps } from './draw.js';
import { at, element, fill, plain, remedy, say } from './elements.js';
import { drawCounts, drawTimes, passSecond } from './live.js';
import { counted, LEADS, moment, NO_CERTIFICATE_HELPS } from './words.js';

const RETRY_SECONDS = [0.2, 1, 2, 5, 10];
/** A stream that lasted so long was a good one; a server that ends them at once is asked ever more slowly too. */
const GOOD_MS = 5_000;

/** The last overview, and what this machine's own clock said when it came. */
let overview = null;
let heardAt = 0;
/** When the server is asked again, by the same clock. */
let againAt = 0;

setInterval(() => {
  passSecond();
  if (overview !== null) drawTimes(serverNow());
  drawWait();
}, 1000);
const { refused } = document.body.dataset;
if (refused === undefined) follow();
else drawRefused(JSON.parse(refused).error);

/** Reads the stream, and takes it up where it breaks off: at once first, then ever more slowly. */
async function follow() {
  let failures = 0;
  for (;;) {
    const began = performance.now();
    const { refusal, seconds, why } = await readStream();
    if (performance.now() - began > GOOD_MS) failures = 0;
    if (refusal !== undefined) return drawRefused(refusal);
    const wait = seconds ?? RETRY_SECONDS[Math.min(failures, RETRY_SECONDS.length - 1)];
    failures += 1;
    if (failures > 1 || seconds !== undefined) drawLost(wait, why);
    await new Promise((go) => setTimeout(go, wait * 1000));
    if (document.hidden)
      await new Promise((go) => document.addEventListener('visibilitychange', go, { once: true }));
  }
}

/** Until the stream ends; a page that nobody looks at gives its connection back.
 *  @returns what the server said against it, or how long to wait and why */
async function readStream() {
  const stop = new AbortController();
  const leave = () => document.hidden && stop.abort();
  document.addEventListener('visibilitychange', leave);
  try {
    const answer = await fetch('/overview.json', {
      headers: { accept: 'text/event-stream' },
      signal: stop.signal,
    });
    if (answer.status === 429)
      return {
        seconds: Number(answer.headers.get('retry-after') ?? 30),
        why: 'Too many requests',
      };
    if (answer.status >= 500) return { why: `The server answers ${answer.status}` };
    if (!answer.ok) return { refusal: (await answer.json()).error };
    for await (const [kind, data] of eventsOf(answer.body)) {
      hear(kind, JSON.parse(data));
    }
    return { why: 'The server ended the connection' };
  } catch {
    return { why: 'The server does not answer' };
  } finally {
    document.removeEventListener('visibilitychange', leave);
  }
}

/** The events of a text/event-stream that have one line of `event:` and one of `data:`; comments are passed over. */
async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (text + value).split('\n\n');
    text = events.pop();
    for (const event of events) {
      const [, kind, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
      if (kind !== undefined) yield [kind, data];
    }
  }
}

function hear(kind, data) {
  const before = overview?.counts;
  overview = kind === 'overview' ? data : { ...overview, ...data };
  heardAt = performance.now();
  if (kind === 'overview') drawOverview(overview);
  drawCounts(overview.counts, before);
  drawTimes(serverNow());
  drawState('live', 'live', 'The server answers again');
}

/** This machine's clock may be wrong; the server judges by its own. */
function serverNow() {
  return Date.parse(overview.at) + performance.now() - heardAt;
}

function drawRefused({ code, message, hint }) {
  drawState('refused', 'refused', '');
  say('hello', overview === null ? 'You are not let in.' : 'You are no longer let in.');
  if (overview === null) {
    say('lead', code === 'no-certificate' ? LEADS.require : '');
    if (!NO_CERTIFICATE_HELPS.includes(code)) drawSteps({ identity: null, clientAuth: 'require' });
  } else {
    say('lead', 'What stands below was true until then.');
    at('you').className = 'party out';
    say('you-proof', moment(message));
  }
  const again = element('button', '', 'Try again');
  again.type = 'button';
  again.addEventListener('click', () => location.reload());
  const why = element('strong', '', `The server refuses you: ${moment(message)}`);
  fill('notice', [
    element('div', 'notice', why, element('p', '', element('code', '', code)), remedy(hint), again),
  ]);
}

function drawLost(seconds, why) {
  drawState('lost', 'not live', why);
  againAt = performance.now() + seconds * 1000;
  const last = overview === null ? '' : ' Until then, what stands below is what it said last.';
  const wait = element('span', '', '');
  wait.id = 'wait';
  say('lost', element('strong', '', `${why}.`), 'It is asked again ', wait, `.${last}`);
  drawWait();
}

function drawWait() {
  const seconds = Math.max(0, Math.ceil((againAt - performance.now()) / 1000));
  if (at('wait') !== null) say('wait', seconds === 0 ? 'now' : `in ${counted(seconds, 'second')}`);
}

/** @param state live, lost or refused
 *  @param news for who hears the page */
function drawState(state, text, news) {
  const pulse = at('pulse');
  const before = pulse.dataset.state;
  if (before !== state && !(before === 'waiting' && state === 'live')) say('news', news);
  pulse.dataset.state = state;
  pulse.textContent = text;
  document.body.classList.toggle('stale', state !== 'live');
  document.title = `${plain(overview?.identity?.name ?? 'anonymous')}: mutual TLS, ${text}`;
  at('lost').hidden = state !== 'lost';
  if (state !== 'refused') at('notice').replaceChildren();
}
