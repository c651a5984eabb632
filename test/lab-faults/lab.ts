import { once } from 'node:events';
import { createServer as createHttp } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { freePort } from '../free-port.js';
import { peer } from '../peers/peer.js';
import { CASES } from './cases.js';
import {
  type ConfiguredCase,
  type Ground,
  type LabCase,
  STACKS,
  type Stack,
  type StartedCase,
} from './fault.js';
import type { FaultPki } from './fault-pki.js';
import { startApache } from './stacks/apache.js';
import { startCaddy } from './stacks/caddy.js';
import { startHaproxy } from './stacks/haproxy.js';
import { startNginx } from './stacks/nginx.js';
import { type NodeCase, optionsOf, startNode } from './stacks/node.js';

/** The stacks whose server is on this machine. */
export const STACKS_HERE = STACKS.filter((stack) => stack === 'node' || peer(PROGRAMS()[stack]));

/** All servers of the lab, running. */
export interface RunningLab {
  readonly cases: readonly StartedCase[];
  /** Makes the servers of a stack read their files again. */
  readonly reload: (stack: Stack) => void;
  readonly close: () => Promise<void>;
}

/** Starts one process for each stack, each case on a port of its own; those of node:https in this process. */
export async function startLab(
  pki: FaultPki,
  stacks: readonly Stack[] = STACKS_HERE,
  casesOf: Readonly<Record<Stack, readonly LabCase[]>> = CASES,
): Promise<RunningLab> {
  const stops: Array<() => Promise<unknown>> = [];
  const reloads: Array<readonly [Stack, () => void]> = [];
  const close = async (): Promise<void> => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
  };
  try {
    const backend = await startBackend();
    stops.push(backend.stop);
    const cases: StartedCase[] = [];
    for (const stack of stacks)
      for (const lab of casesOf[stack]) cases.push({ stack, lab, port: await freePort() });
    const of = (stack: Stack): StartedCase[] => cases.filter((one) => one.stack === stack);
    await Promise.all(
      stacks.map(async (stack) => {
        const mine = of(stack);
        if (stack === 'node') {
          for (const [index, { port }] of mine.entries()) {
            const server = await startNode(mine[index]!.lab as NodeCase, pki, port);
            stops.push(() => closed(server));
            reloads.push([
              stack,
              () => server.setSecureContext(optionsOf(mine[index]!.lab as NodeCase, pki)),
            ]);
          }
          return;
        }
        const sites = mine.map(({ lab, port }) =>
          written(lab as ConfiguredCase, { pki, port, backend: backend.port }),
        );
        const first = mine[0]!.port;
        const started = {
          nginx: () => startNginx(pki, sites, first),
          apache: () =>
            startApache(
              pki,
              sites,
              mine.map(({ port }) => port),
            ),
          haproxy: () => startHaproxy(pki, sites, first),
          caddy: () => startCaddy(pki, sites, first),
        }[stack]();
        const { stop, reload } = await started;
        stops.push(stop);
        reloads.push([stack, reload]);
      }),
    );
    pki.deploy();
    const reload = (wanted: Stack): void => {
      for (const [stack, again] of reloads) if (stack === wanted) again();
    };
    return { cases, reload, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function written({ write }: ConfiguredCase, ground: Ground): string {
  return write(ground);
}

/** An application that knows its clients by what the server before it says of them. */
async function startBackend(): Promise<{ port: number; stop: () => Promise<unknown> }> {
  const server = createHttp((request, response) => {
    const { headers, url } = request;
    const isKnown = [headers['x-ssl-client-verify'], headers['x-client-verify']].includes('SUCCESS');
    const isIn = isKnown || url?.startsWith('/open');
    response.statusCode = isIn ? 200 : 403;
    response.end(isIn ? 'hello\n' : 'who are you?\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, stop: () => closed(server) };
}

function closed(server: Server & { closeAllConnections?: () => void }): Promise<unknown> {
  server.closeAllConnections?.();
  return new Promise((resolve) => server.close(resolve));
}

function PROGRAMS(): Record<Exclude<Stack, 'node'>, string> {
  return { nginx: 'nginx', apache: 'apache2', haproxy: 'haproxy', caddy: 'caddy' };
}
