import { constants, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
{{#upstream_http}}
import { request as requestTo } from 'node:http';
{{/upstream_http}}
import { createServer{{#upstream_tls}}, request as requestTo{{/upstream_tls}} } from 'node:https';
{{#upstream}}
import { pipeline } from 'node:stream';
{{/upstream}}
