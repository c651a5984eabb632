// What an overview says beside its counts: who you are, by which handshake, with which certificates, and what you may do.

import { at, drawing, element, fill, heading, prose, say, sign, timed } from './elements.js';
import {
  CERTIFICATES,
  CLIENT_AUTH,
  counted,
  LEADS,
  METHODS,
  moment,
  nameOf,
  protocolName,
  ROLES,
  STEPS,
} from './words.js';

export function drawOverview(overview) {
  const { identity, clientAuth, rateLimit } = overview;
  say('hello', identity === null ? 'Hello, whoever you are.' : `Hello, ${identity.name}.`);
  say('lead', LEADS[identity === null ? clientAuth : 'known']);
  document.title = `${identity === null ? 'anonymous' : identity.name}: mutual TLS, live`;
  drawHandshake(overview);
  drawSteps(overview);
  say('certificates-lead', CERTIFICATES[identity === null ? 'one' : 'both']);
  fill('tree', overview.certificates.map(branch));
  drawPermissions(overview);
  at('try-this').hidden = clientAuth !== 'require';
  say('call', `curl -k ${location.origin}/whoami`);
  say(
    'cost',
    rateLimit === null
      ? 'Requests are not limited here.'
      : `You may make ${rateLimit.requests.toLocaleString('en')} requests in ${counted(rateLimit.seconds, 'second')}. This page makes two as it opens, and none while it stays open.`,
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
  say(
    `${id}-proof`,
    certificate === undefined
      ? otherwise
      : `${id === 'you' ? 'your' : 'its'} key proved it, ${nameOf(certificate.issuer)} vouches for it`,
  );
}

function found(certificates, role) {
  for (const certificate of certificates) {
    const one = certificate.role === role ? certificate : found(certificate.issued, role);
    if (one !== undefined) return one;
  }
  return undefined;
}

function drawSteps({ identity, clientAuth }) {
  at('way-in').hidden = identity !== null;
  if (identity !== null) return;
  const steps = STEPS[clientAuth === 'off' ? 'off' : 'optional'].map(({ title, command, text }) =>
    element(
      'li',
      '',
      element('strong', '', title),
      ...(command === undefined ? [] : [element('pre', '', command)]),
      ...text.map((line) => prose('', line)),
    ),
  );
  fill('steps', steps);
}

function branch(certificate) {
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
  card.open = role === 'client' || role === 'server';
  return element('li', '', card, ...(issued.length === 0 ? [] : [element('ul', '', ...issued.map(branch))]));
}

function facts(certificate) {
  const names = certificate.subjectAltName;
  const rows = [
    ['subject', certificate.subject],
    ['issuer', certificate.issuer],
    ['valid', `${moment(certificate.notBefore)} to ${moment(certificate.notAfter)}`],
    ['names', names.length === 0 ? 'none' : names.join(', ')],
    ['key', `${certificate.keyType}, signed with ${certificate.signatureAlgorithm}`],
    ['serial', certificate.serialNumber, 'octets'],
    ['SHA-256', certificate.fingerprint256, 'octets'],
  ];
  const cells = rows.flatMap(([term, value, kind = '']) => [
    element('dt', '', term),
    element('dd', kind, value),
  ]);
  return element('dl', 'facts', ...cells);
}

function drawPermissions({ permissions, identity }) {
  const methods = METHODS.filter((method) => permissions.some(({ allowed }) => method in allowed));
  const all = permissions.flatMap(({ allowed }) => Object.values(allowed));
  const who = identity === null ? 'Without a certificate' : `As ${identity.name}`;
  say(
    'permissions-lead',
    `${who}: ${all.filter(Boolean).length} of ${all.length}. Where a cell is empty, the API has no such method.`,
  );
  const head = element('tr', '', heading('col', 'path'), ...methods.map((method) => heading('col', method)));
  const rows = permissions.map(({ path, summary, allowed }) => {
    const about = summary === '' ? [] : [element('span', 'soft', summary)];
    const cells = methods.map((method) => permissionCell(allowed[method]));
    return element('tr', '', heading('row', element('code', '', path), ...about), ...cells);
  });
  fill('permissions', [element('thead', '', head), element('tbody', '', ...rows)]);
}

function permissionCell(isAllowed) {
  if (isAllowed === undefined) return element('td', '');
  return isAllowed
    ? element('td', 'yes', ...sign('✓', 'allowed'))
    : element('td', 'no', ...sign('✗', 'refused'));
}
