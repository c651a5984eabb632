// --- Settings: what is different on each machine.

const LISTEN = {{listen}};

/** Read at the start, and again whenever one of them changes: nothing is restarted. */
const FILES = {
  certificate: {{fullchain}}, // the server's own, the issuing CA after it; clients know the root
  privateKey: {{privkey}},
{{#client_auth}}
  clientCas: {{ca_chain}}, // whose clients get in: no public CA may be in it
  crls: {{crl_chain}}, // the CRL of every CA in that file, the root's too
{{/client_auth}}
{{^client_auth}}
{{#upstream_tls}}
  clientCas: {{ca_chain}}, // who signs the certificate of the upstream
{{/upstream_tls}}
{{/client_auth}}
};
{{#upstream}}

/** Where requests are passed on to. */
const UPSTREAM = {{upstream_address}};
{{/upstream}}
{{#client_auth}}

/** Who may come in: whole subjects as RFC 4514 writes them (`CN=alice,O=Acme`), or names of the subjectAltName
 *  (`URI:spiffe://acme/billing`, `DNS:…`, `email:…`). Empty: everybody with a certificate of ours. */
const ALLOWED = {{allowed}};
{{^upstream}}
/** Who may see /admin, named in the same way. Empty: nobody. */
const ADMINS = [];
{{/upstream}}
{{/client_auth}}

/** What one client may cost. */
const LIMITS = {
{{#client_auth}}
  requests: 1000, // in a window, of one subject; of one address where there is no certificate
{{/client_auth}}
{{^client_auth}}
  requests: 1000, // in a window, of one address
{{/client_auth}}
  windowMs: 10_000,
  bodyBytes: 1_048_576,
  headerBytes: 16_384,
  connections: 1024,
  connectionLifeMs: 300_000, // then it must be made anew, and the certificate shown again
  graceMs: 10_000, // for answers under way when the server stops or has read new CRLs
};
