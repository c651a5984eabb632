import { exchangeSsl2, type Ssl2Outcome } from '../../tls/exchange-ssl2.js';
import type { Connections } from '../connections.js';

/** Asks for SSL 2.0, which has a hello of its own. */
export function askSsl2(connections: Connections): Promise<Ssl2Outcome> {
  return connections.use((target, allowedMs) => {
    const timeoutMs = Math.min(allowedMs, SILENCE_MS);
    return exchangeSsl2(target, { limits: { timeoutMs, connectTimeoutMs: timeoutMs } });
  });
}

/** Who takes SSL 2.0 says so; many others say nothing at all. */
const SILENCE_MS = 2_000;
