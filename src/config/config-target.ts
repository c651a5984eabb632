import type { Policy } from '../policy/policy.js';
import type { ConfigRequest } from './config-request.js';
import type { UpstreamScheme } from './config-value.js';
import type { TemplateValues } from './fill-template.js';

/** A server that sslapi can configure. */
export interface ConfigTarget {
  /** As `sslapi config NAME` says it; also its folder under `templates/`. */
  readonly name: string;
  readonly title: string;
  /** Where its own include folder is on the usual systems, and what the file there may be called. */
  readonly includeFile: string;
  /** What makes the running server read its files again; null where it does so by itself. */
  readonly reloadCommand: string | null;
  /** What is spoken in clear until TLS begins, as `probe --starttls` names it; nothing by default. */
  readonly starttls?: 'postgres';
  /** Whether it can refuse revoked client certificates. */
  readonly checksRevocation: boolean;
  /** Whether it looks in CRLs for the CAs above a client's certificate too; yes unless said. */
  readonly checksIssuers?: boolean;
  /** What it does by itself, whatever its configuration says: ids of checks that fail for it. */
  readonly ownFindings?: { readonly why: string; readonly checks: readonly string[] };
  /** Whether it can pass requests on to another server, `--upstream`. */
  readonly passesOn: boolean;
  /** The schemes of where it passes them on to; http and https where it does not say. */
  readonly upstreamSchemes?: readonly UpstreamScheme[];
  /** Whether what it passes them on to hears who the client is, in a way that the client cannot forge; no unless said. */
  readonly passesIdentity?: boolean;
  /** Whether it limits how much a client may ask for, told by its certificate; no unless said. */
  readonly limitsClients?: boolean;
  /** Whether it can hold clients to a list of names, `allow`. */
  readonly allowsByName: boolean;
  /** The real server that our tests run its configuration in; null where none could be had. */
  readonly tested: string | null;
  /** What is written for it, the main file first. Without it one file: site.conf, inside of standalone.conf where it shall
   *  run as it is. */
  readonly files?: (request: ConfigRequest) => readonly [TargetFile, ...TargetFile[]];
  /** How the server itself checks a configuration; null where nobody can be asked. */
  readonly check: ServerCheck | null;
  /** How it is run on a whole configuration; without it `sslapi prove` cannot start it. */
  readonly run?: ServerRun;
  /** What fills the tags of its templates. Throws ERR_CONFIG_VALUE for what it cannot say safely. */
  readonly values: (request: ConfigRequest, policy: Policy) => TemplateValues;
}

/** A file of a configuration. */
export interface TargetFile {
  /** What it is called where it is put. */
  readonly name: string;
  /** Its template, by folder and file under `templates/`. */
  readonly template: TemplatePath;
  /** Templates whose text fills a tag of this one: shared by several targets, or too long to stand in the middle. */
  readonly parts?: Readonly<Record<string, TemplatePath>>;
}

export type TemplatePath = `${string}/${string}`;

export interface ServerCheck {
  /** Names of the binary on different systems; the first that is there is asked. */
  readonly programs: readonly string[];
  /** What it is told, after the main file has been written there with the others beside it. */
  readonly args: (file: string) => readonly string[];
  /** What it says once it has taken all of it, where it has no check of its own: it is started, and then stopped at once. */
  readonly content?: RegExp;
  /** What makes that it needs beside the files, run before it. */
  readonly before?: Pick<ServerCheck, 'programs' | 'args'>;
  /** The system's user that both are run as by root, which they refuse to be run as. */
  readonly user?: string;
}

/** A server that can be run in the foreground by whoever writes its configuration. */
export interface ServerRun {
  /** Names of the binary on different systems; the first that is there is run. */
  readonly programs: readonly string[];
  /** What it is told to run on this file, in the foreground. */
  readonly args: (file: string) => readonly string[];
  /** What it is told to say its version. */
  readonly versionArgs: readonly string[];
  /** What makes it read its files again; null where it does so by itself, or has no CRLs to read. */
  readonly reloadSignal: NodeJS.Signals | null;
  /** Where it writes its log, if not to its standard output and error. */
  readonly logFile?: (request: ConfigRequest) => string;
}
