import type { Policy } from '../policy/policy.js';
import type { ConfigRequest } from './config-request.js';
import type { TemplateValues } from './fill-template.js';

/** A server that sslapi can configure. */
export interface ConfigTarget {
  /** As `sslapi config NAME` says it; also its folder under `templates/`. */
  readonly name: string;
  readonly title: string;
  /** Where its own include folder is on the usual systems, and what the file there may be called. */
  readonly includeFile: string;
  /** What makes the running server read its files again. */
  readonly reloadCommand: string;
  /** Whether it can refuse revoked client certificates. */
  readonly checksRevocation: boolean;
  /** How the server itself checks a configuration file. */
  readonly check: ServerCheck;
  /** What fills the tags of its templates. Throws ERR_CONFIG_VALUE for what it cannot say safely. */
  readonly values: (request: ConfigRequest, policy: Policy) => TemplateValues;
}

export interface ServerCheck {
  /** Names of the binary on different systems; the first that is there is asked. */
  readonly programs: readonly string[];
  readonly args: (file: string) => readonly string[];
}
