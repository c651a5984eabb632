// `serve` beside a bare node:https server that asks for client certificates and answers the same octets, in one run, interleaved:
// handshakes and requests a second. Servers on one core, the loader on another. Each round has new servers: processes of one
// program differ by a tenth and more for as long as they live, by where the machine has put them and by what V8 made of them.
import { loadavg } from 'node:os';
import { connect } from 'node:tls';
import type { LoadAnswer } from './servers/mtls-load.js';
import { type BareAnswer, type LoadedServer, type ServeLab, serveLab } from './servers/serve-lab.js';

const ROUNDS = Number(process.env['SSLAPI_BENCH_ROUNDS'] ?? 5);
/** Of a round, for each row: the servers take turns, for what else the machine does comes and goes. */
const TURNS = 2;
const SECONDS = Number(process.env['SSLAPI_BENCH_SECONDS'] ?? 2);
/** Those that come back, and those of whom none has ever come before, more than there is time for. */
const [KNOWN, NEW] = [1_000, 3_000];
const CONCURRENCY = 32;
const PATH = '/whoami';
/** Seconds of the same load before the first figure of a row: V8 compiles anew what is called often, and has mostly done by then. */
const WARM_UP = Number(process.env['SSLAPI_BENCH_WARM_UP'] ?? 4);
/** Some of the rows, by a part of their names. */
const WANTED = process.env['SSLAPI_BENCH_ROWS'] ?? '';

interface Row {
  readonly what: string;
  readonly version: '1.2' | '1.3';
  readonly keepAlive: boolean;
  /** Which of the clients, from the first to before the last. */
  readonly clients: readonly [number, number];
  /** Share of the bare server's figure; null where it is told for what it is. */
  readonly wanted: number | null;
}
const ROWS: readonly Row[] = [
  { what: 'handshakes, TLS 1.3', version: '1.3', keepAlive: false, clients: [0, 1], wanted: 0.9 },
  { what: 'handshakes, TLS 1.2', version: '1.2', keepAlive: false, clients: [0, 1], wanted: 0.9 },
  { what: 'handshakes, many clients', version: '1.3', keepAlive: false, clients: [0, KNOWN], wanted: 0.9 },
  { what: 'requests, kept alive', version: '1.3', keepAlive: true, clients: [0, 1], wanted: 0.7 },
  { what: 'the same, many clients', version: '1.3', keepAlive: true, clients: [0, KNOWN], wanted: 0.7 },
  // Whoever comes for the first time is validated by us beside OpenSSL, and the store is asked.
  {
    what: 'handshakes, first visits',
    version: '1.3',
    keepAlive: false,
    clients: [KNOWN, KNOWN + NEW],
    wanted: null,
  },
];

/** Of one run against one server. */
interface Figure {
  readonly perSecond: number;
  /** For each second of the server's own processor time: what another program takes does not count. */
  readonly perCpuSecond: number;
  /** Shares of a core. */
  readonly serverCpu: number;
  readonly loaderCpu: number;
}

type Name = 'serve' | 'bare' | 'bare with CRLs';
type Figures = Readonly<Record<Name, Figure[]>>;
const figures = new Map<Row, Figures>(
  ROWS.filter(({ what }) => what.includes(WANTED)).map((row) => [
    row,
    { serve: [], bare: [], 'bare with CRLs': [] },
  ]),
);

const lab = await serveLab(KNOWN + NEW);
try {
  const first = await lab.startServe();
  const answer = await answerOf(lab, first);
  await first.stop();
  const start: Readonly<Record<Name, () => Promise<LoadedServer>>> = {
    serve: () => lab.startServe(),
    bare: () => lab.startBare(answer),
    'bare with CRLs': () => lab.startBare({ ...answer, crl: true }),
  };
  console.log(
    `load ${loadavg()[0]!.toFixed(1)}, ${ROUNDS} rounds of ${TURNS} times ${SECONDS} s, medians, GET ${PATH}`,
  );
  for (let round = 0; round < ROUNDS; round += 1) await measure(round, start);
  for (const [row, ofRow] of figures) report(row, ofRow);
} finally {
  await lab.remove();
}

/** Every row against every server, in another order each time. */
async function measure(
  round: number,
  start: Readonly<Record<Name, () => Promise<LoadedServer>>>,
): Promise<void> {
  const names = Object.keys(start) as Name[];
  const order = names.map((_, index) => names[(index + round) % names.length]!);
  const servers = new Map<Name, LoadedServer>();
  for (const name of order) servers.set(name, await start[name]());
  for (const [row, of] of figures) {
    const before = row.clients[0] < KNOWN ? row : ROWS[0]!; // nobody comes for the first time twice
    for (const [, server] of servers) await run(before, server, WARM_UP);
    for (let turn = 0; turn < TURNS; turn += 1)
      for (const [name, server] of servers) of[name].push(await run(row, server, SECONDS));
  }
  for (const [, server] of servers) await server.stop();
}

async function run(
  { version, keepAlive, clients }: Row,
  { address, cpuSeconds }: LoadedServer,
  seconds: number,
): Promise<Figure> {
  const cpu = cpuSeconds();
  const answer = await lab.load({
    address,
    path: PATH,
    version,
    keepAlive,
    clients: lab.clients.slice(...clients),
    concurrency: CONCURRENCY,
    seconds,
  });
  if (answer.failed > 0) throw new Error(failures(answer));
  const taken = cpuSeconds() - cpu;
  return {
    perSecond: answer.perSecond,
    perCpuSecond: answer.done / taken,
    serverCpu: taken / answer.seconds,
    loaderCpu: answer.cpuSeconds / answer.seconds,
  };
}

function report({ what, wanted }: Row, { serve: ours, bare, 'bare with CRLs': crl }: Figures): void {
  const ratio = (of: keyof Figure, to: readonly Figure[]): number => median(ours, of) / median(to, of);
  const held =
    wanted === null
      ? ''
      : `, wanted ${percent(wanted)}: ${ratio('perSecond', bare) >= wanted ? 'held' : 'MISSED'}`;
  console.log(
    `${what.padEnd(28)}${perSecond(ours)}, bare ${perSecond(bare)}: ${percent(ratio('perSecond', bare))}${held}`,
  );
  console.log(
    `${''.padEnd(28)}by processor time ${percent(ratio('perCpuSecond', bare))}; of bare with CRLs ${percent(ratio('perSecond', crl))}; ` +
      `server ${percent(median(ours, 'serverCpu'))} of a core, loader ${percent(median(ours, 'loaderCpu'))}, beside bare ${percent(median(bare, 'loaderCpu'))}`,
  );
}

/** What `serve` answers, its header fields but for those that Node writes by itself. */
async function answerOf({ clients }: ServeLab, { address }: LoadedServer): Promise<BareAnswer> {
  const [host = '', port = ''] = address.split(':');
  const socket = connect({ host, port: Number(port), rejectUnauthorized: false, ...clients[0] });
  socket.write(`GET ${PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  let text = '';
  for await (const chunk of socket) text += chunk;
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const fields = head
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(/: (.*)/, 2) as [string, string]);
  const own = fields.filter(([name]) => !/^(date|connection|keep-alive)$/i.test(name));
  return { headers: Object.fromEntries(own), body };
}

function failures({ errors, statuses }: LoadAnswer): string {
  return `requests failed: ${JSON.stringify({ errors, statuses })}`;
}

/** The median, and between which they all are. */
function perSecond(figures: readonly Figure[]): string {
  const sorted = figures.map((figure) => figure.perSecond).sort((a, b) => a - b);
  return `${median(figures, 'perSecond').toFixed(0).padStart(6)}/s (${sorted[0]!.toFixed(0)} to ${sorted.at(-1)!.toFixed(0)})`;
}

function median(figures: readonly Figure[], of: keyof Figure): number {
  return figures.map((figure) => figure[of]).sort((a, b) => a - b)[figures.length >> 1]!;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
