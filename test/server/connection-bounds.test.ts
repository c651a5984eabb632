import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ConnectionBounds } from '../../src/server/connection-bounds.js';
import { DEFAULT_LIMITS } from '../../src/server/server-settings.js';

const LIMITS = { ...DEFAULT_LIMITS, connections: 3, connectionsOfOne: 2 };

function connection(remotePort: number): Socket {
  return Object.assign(new EventEmitter(), { remotePort, remoteAddress: '127.0.0.1' }) as unknown as Socket;
}

function connections(count: number): Socket[] {
  return Array.from({ length: count }, (_, index) => connection(index + 1));
}

describe('where there is no room left', () => {
  it('the stranger that waited longest makes room', () => {
    const bounds = new ConnectionBounds(LIMITS);
    const [first, second, third, fourth, fifth] = connections(5);

    const leaving = [first, second, third, fourth].map((socket) => bounds.add(socket!));
    first!.emit('close');

    expect(leaving).toEqual([null, null, null, first]);
    expect(bounds.add(fifth!)).toBe(second);
  });

  it('nobody who was let in does, and a stranger goes at once where all others were', () => {
    const bounds = new ConnectionBounds(LIMITS);
    const [first, second, third, fourth] = connections(4);
    for (const socket of [first, second, third]) bounds.add(socket!);
    for (const [index, socket] of [first, second, third].entries()) bounds.admit(socket!, `client ${index}`);

    expect(bounds.add(fourth!)).toBe(fourth);
  });

  it('a connection that is told by what speaks TLS over it is the same', () => {
    const bounds = new ConnectionBounds(LIMITS);
    const [first, second, third, fourth] = connections(4);
    for (const socket of [first, second, third]) bounds.add(socket!);

    bounds.admit(connection(1), 'alice');

    expect(bounds.add(fourth!)).toBe(second);
  });

  it('there is room again once one has closed', () => {
    const bounds = new ConnectionBounds(LIMITS);
    const [first, second, third, fourth] = connections(4);
    for (const socket of [first, second, third]) bounds.add(socket!);
    second!.emit('close');

    expect(bounds.count).toBe(2);
    expect(bounds.add(fourth!)).toBeNull();
  });
});

describe('one client', () => {
  it('has its share of connections and no more, whatever others have', () => {
    const bounds = new ConnectionBounds(LIMITS);
    const [first, second, third] = connections(3);
    const admit = (socket: Socket | undefined, who: string): boolean => bounds.admit(socket!, who);

    expect([admit(first, 'alice'), admit(second, 'alice'), admit(third, 'alice')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(admit(third, 'bob')).toBe(true);
    first!.emit('close');
    expect(admit(connection(4), 'alice')).toBe(true);
  });
});
