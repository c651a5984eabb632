/** Where a server listens unless it is told: 443, but where another port is its own.
 *  @param target its name */
export function defaultPort(target: string): number {
  return OWN_PORTS.get(target) ?? 443;
}

const OWN_PORTS: ReadonlyMap<string, number> = new Map([['postgres', 5432]]);
