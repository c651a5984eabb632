import { formatName } from './name.js';
import type { BasicOcspResponse, OcspResponse, SingleResponse } from './ocsp-response.js';
import { serialNumberHex } from './serial-number.js';
import { isoSeconds } from './whole-seconds.js';

/** What an OCSP response says, as JSON. */
export interface OcspDescription {
  readonly responseStatus: string;
  /** The name of who answered, or the hash of its key. */
  readonly responder?: string;
  readonly producedAt?: string;
  readonly responses?: readonly OcspSingleDescription[];
}

export interface OcspSingleDescription {
  readonly serialNumber: string;
  readonly status: 'good' | 'revoked' | 'unknown';
  readonly thisUpdate: string;
  readonly nextUpdate: string | null;
  readonly revocationDate?: string;
  readonly revocationReason?: string;
}

export function describeOcspResponse({ responseStatus, basic }: OcspResponse): OcspDescription {
  if (basic === undefined) return { responseStatus };
  return {
    responseStatus,
    responder: responderOf(basic),
    producedAt: isoSeconds(basic.producedAt),
    responses: basic.responses.map(describeSingle),
  };
}

function responderOf({ responderId }: BasicOcspResponse): string {
  return 'name' in responderId
    ? formatName(responderId.name)
    : Buffer.from(responderId.keyHash).toString('hex');
}

function describeSingle({ certId, status, thisUpdate, nextUpdate }: SingleResponse): OcspSingleDescription {
  return {
    serialNumber: serialNumberHex(certId.serialNumber),
    status: status.type,
    thisUpdate: isoSeconds(thisUpdate),
    nextUpdate: nextUpdate && isoSeconds(nextUpdate),
    ...(status.type === 'revoked' && {
      revocationDate: isoSeconds(status.revocationTime),
      revocationReason: status.reason,
    }),
  };
}
