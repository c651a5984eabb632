// What an overview says beside its counts: who you are, by which handshake, with which certificates, and what you may do.

import { at, drawing, element, fill, heading, prose, say, sign, theirs, timed, typed } from './elements.js';
import {
  CERTIFICATES,
  CLIENT_AUTH,
  counted,
  LEADS,
  METHODS,
  moment,
  NAMES_SHOWN,
  nameOf,
  number,
  protocolName,
  ROLES,
  STEPS,
} from './words.js';

/** The certificates that are drawn, as text. */
let drawn = '';

export function drawOverview(overview) {
  const { identity, clientAuth, rateLimit } = overview;
  say('hello', 'Hello, ', identity === null ? 'whoever you are' : theirs(identity.name), '.');
  say('lead', LEADS[identity === null ? clientAuth : 'known']);
  drawHandshake(overview);
  drawSteps(overview);
  say('certificates-lead', CERTIFICATES[identity === null ? 'one' : 'both']);
  drawTree(overview);
  drawPermissions(overview);
  at('told').hidden = false;
  at('try-this').hidden = clientAuth !== 'require';
  say('call', typed(`curl -k ${location.origin}/whoami`));
  say(
    'cost',
    rateLimit === null
      ? 'Requests are not limited here.'
      : `You may make ${number(rateLimit.requests)} requests in ${counted(rateLimit.seconds, 'second')}. This page makes two as it opens, and none while it stays open.`,
  );
}

function drawHandshake({ identity, certificates, connection, clientAuth }) {
  const client = found(certificates, 'client');
  const server = found(certificates, 'server');
  at('handshake').hidden = false;
  drawParty('you', identity?.name ?? 'anonymous', client, 'no certificate was shown');
  drawParty('server', location.host, server, 'its certificate is not known');
  say('protocol', protocolName(connection.protocol));
  say('cipher-suite', connection.cipherSuite);
  say('how', `${connection.resumed ? 'resumed session' : 'full handshake'}, ${CLIENT_AUTH[clientAuth]}`);
}

function drawParty(id, name, certificate, otherwise) {
  at(id).className = `party ${certificate === undefined ? 'unknown' : 'proved'}`;
  say(`${id}-name`, name);
  if (certificate === undefined) say(`${id}-proof`, otherwise);
  else {
    const whose = id === 'you' ? 'your' : 'its';
    say(`${id}-proof`, `${whose} key proved it, `, theirs(nameOf(certificate.issuer)), ' vouches for it');
  }
}

function found(certificates, role) {
  for (const certificate of certificates) {
    const one = certificate.role === role ? certificate : found(certificate.issued, role);
    if (one !== undefined) return one;
  }
  return undefined;
}

export function drawSteps({ identity, clientAuth }) {
  at('way-in').hidden = identity !== null;
  if (identity !== null) return;
  const steps = STEPS[clientAuth === 'off' ? 'off' : 'optional'].map(({ title, commands = [], text }) =>
    element(
      'li',
      '',
      element('strong', '', title),
      ...(commands.length === 0 ? [] : [element('pre', '', ...commands.map(typed))]),
      ...text.map((line) => prose('', line)),
    ),
  );
  fill('steps', steps);
}

/** What is the same stays as it is, and whatever its reader has opened in it. */
function drawTree({ certificates }) {
  const text = JSON.stringify(certificates);
  if (text === drawn) return;
  drawn = text;
  const whose = found(certificates, 'client') === undefined ? 'server' : 'client';
  fill(
    'tree',
    certificates.map((certificate) => branch(certificate, whose)),
  );
}

/** @param opened the role of the certificate whose facts are shown without being asked for */
function branch(certificate, opened) {
  const { role, issued } = certificate;
  const picture = { class: 'life', viewBox: '0 0 100 1', preserveAspectRatio: 'none', 'aria-hidden': 'true' };
  const life = timed(drawing('svg', picture, drawing('rect', { width: 100, height: 1 })), certificate);
  const head = element(
    'summary',
    '',
    element('span', 'what', ROLES[role]),
    element('span', 'who', certificate.name),
    timed(element('span', 'left'), certificate),
    life,
  );
  const card = element('details', `certificate ${role}`, head, facts(certificate));
  card.open = role === opened;
  const below = issued.map((one) => branch(one, opened));
  return element('li', '', card, ...(below.length === 0 ? [] : [element('ul', '', ...below)]));
}

function facts({ notBefore, notAfter, ...certificate }) {
  const validity = [time(notBefore), ' to ', time(notAfter)];
  const rows = [
    ['subject', '', theirs(certificate.subject)],
    ['issuer', '', theirs(certificate.issuer)],
    ['valid', '', ...validity],
    ['names', '', ...names(certificate.subjectAltName)],
    ['key', '', `${certificate.keyType}, signed with ${certificate.signatureAlgorithm}`],
    ['serial', 'octets', certificate.serialNumber],
    ['SHA-256', 'octets', certificate.fingerprint256],
  ];
  const cells = rows.flatMap(([term, kind, ...what]) => [
    element('dt', '', term),
    element('dd', kind, ...what),
  ]);
  return element('dl', 'facts', ...cells);
}

function time(iso) {
  const node = element('time', '', moment(iso));
  node.dateTime = iso;
  return node;
}

function names(all) {
  if (all.length === 0) return ['none'];
  const [shown, rest] = [all.slice(0, NAMES_SHOWN), all.slice(NAMES_SHOWN)].map((some) =>
    some.flatMap((name, index) => [index === 0 ? '' : ', ', theirs(name)]),
  );
  if (all.length <= NAMES_SHOWN) return shown;
  const more = element('summary', '', `and ${number(all.length - NAMES_SHOWN)} more`);
  return [...shown, element('details', 'more', more, ...rest)];
}

function drawPermissions({ permissions, identity }) {
  const all = permissions.flatMap(({ allowed }) => Object.values(allowed));
  const who = identity === null ? ['Without a certificate'] : ['As ', theirs(identity.name)];
  say('permissions-lead', ...who, `: ${all.filter(Boolean).length} of ${all.length} allowed.`);
  const head = element('tr', '', heading('col', 'Path'), heading('col', 'Methods'));
  const rows = permissions.map(({ path, summary, allowed }) => {
    const about = summary === '' ? [] : [element('span', 'soft', summary)];
    const methods = METHODS.filter((method) => method in allowed);
    return element(
      'tr',
      '',
      heading('row', element('code', '', path), ' ', ...about),
      element('td', '', ...methods.map((method) => permission(method, allowed[method]))),
    );
  });
  fill('permissions', [element('thead', '', head), element('tbody', '', ...rows)]);
}

function permission(method, isAllowed) {
  const [mark, heard] = isAllowed ? sign('✓', ' allowed, ') : sign('✗', ' refused, ');
  return element('span', `may ${isAllowed ? 'yes' : 'no'}`, mark, element('code', '', method), heard);
}
