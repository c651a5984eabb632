import type { ConfigLevel } from '../policy/policies.js';

/** What a server is to be configured as; every path absolute. */
export interface ConfigRequest {
  /** Name of the target: nginx, apache, haproxy … */
  readonly target: string;
  readonly level: ConfigLevel;
  readonly clientAuth: ClientAuth;
  /** The NAME of its certificate in the PKI, as `--server` takes it; it is only written down. */
  readonly server?: string | undefined;
  /** The host name or address that clients call it by. */
  readonly serverName: string;
  readonly listen: ListenAddress;
  /** Where requests go, as `http://127.0.0.1:9000`; without it the server answers who the client is. */
  readonly upstream?: string | undefined;
  /** The clients that may come in, by their whole subject (`CN=alice,O=Acme`, RFC 4514) or a name of their subjectAltName
   *  (`URI:spiffe://acme/api`); without it everybody with a certificate of the PKI. */
  readonly allow?: readonly string[] | undefined;
  readonly files: ConfigFiles;
  /** A whole configuration that runs as it is, instead of the part for the server's include folder. */
  readonly standalone: boolean;
  /** Where a standalone server keeps its process id, log and temporary files; default /tmp. */
  readonly runtimeFolder?: string | undefined;
}

/** Whether a client certificate must be shown, may be, or is not asked for. */
export type ClientAuth = 'require' | 'optional' | 'off';

/** An IPv4 address, an IPv6 address without brackets, a host name, or `*` for every address; port 1 to 65535. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** The files of the PKI that a server reads. */
export interface ConfigFiles {
  /** The server's certificate and the intermediates, leaf first. */
  readonly fullchain: string;
  readonly privkey: string;
  /** The issuing CA and the root. */
  readonly caChain: string;
  /** The CRL of every CA in `caChain`. */
  readonly crlChain: string;
}
