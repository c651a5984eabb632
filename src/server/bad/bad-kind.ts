import type { ServerOptions } from 'node:https';
import type { CredentialContext, MintedCredential } from '../../credentials/credential.js';
import type { HelloScript } from '../../tls/answer-hello.js';

/** A way in which a server is wrong, and what a client must make of it. */
export interface BadKind {
  /** The name of its file, with a dot where a number has one: `tls1.0` is in `tls1-0.ts`. */
  readonly id: string;
  /** The claim that holds for a good client. */
  readonly title: string;
  /** The one thing that is wrong with the server. */
  readonly breaks: string;
  /** The clause that has it refused, or the weakness (CWE) where it is not. */
  readonly citation: string;
  /** What a good client does; `either` where no clause decides, or where the fault is not for clients to find. */
  readonly expected: 'accept' | 'refuse' | 'either';
  /** How far it answers: a request over a completed handshake, or the hello alone, where no library goes any further. */
  readonly answers: 'http' | 'hello';
  /** Which of the CA's keys has to be at hand to make it. */
  readonly needs: 'issuing-key' | 'root-key';
  /** What finds it in `sslapi probe`: a check by its id, or a row of the proof; null where nothing is wrong. */
  readonly foundBy: string | null;
  /** Why there is none to make here, in words; null where there is. */
  whyNot?(context: BadContext): Promise<string | null>;
  make(context: BadContext): Promise<Serving>;
}

/** What a faulty server is made of. */
export interface BadContext extends CredentialContext {
  /** A faultless certificate for the same names. */
  readonly good: MintedCredential;
  /** The same with a key of RSA, which old versions and suites are spoken with: made once it is asked for. */
  readonly goodRsa: () => Promise<MintedCredential>;
  /** The name that clients call it by. */
  readonly host: string;
}

/** How a faulty server serves. */
export type Serving = HttpServing | HelloServing;

/** By node:https: all that its OpenSSL still has. */
export interface HttpServing {
  readonly answers: 'http';
  /** Null where it shows none. */
  readonly credential: MintedCredential | null;
  readonly options: Omit<ServerOptions, 'cert' | 'key'>;
  /** A request without a client certificate is answered with 401. */
  readonly demandsCertificate?: true;
}

/** By our own engine, in clear. */
export interface HelloServing {
  readonly answers: 'hello';
  readonly credential: MintedCredential;
  readonly script: Omit<HelloScript, 'chain' | 'privateKey'>;
}

/** Over a handshake that is completed where the client goes along. */
export function overHttp(
  credential: MintedCredential | null,
  options: HttpServing['options'] = {},
): HttpServing {
  return { answers: 'http', credential, options };
}

/** As far as the hello. */
export function asFarAsHello(credential: MintedCredential, script: HelloServing['script']): HelloServing {
  return { answers: 'hello', credential, script };
}
