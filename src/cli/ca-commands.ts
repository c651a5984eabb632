/** The commands of a CA's daily life, in one chunk of the bundle: a command that has to open twenty files starts
 *  twenty milliseconds later. */
export { CertificateAuthority } from '../ca/certificate-authority.js';
export { csrCommand } from './commands/csr.js';
export { exportCommand } from './commands/export.js';
export { genCrlCommand } from './commands/gen-crl.js';
export { initCaCommand } from './commands/init-ca.js';
export { issueClientCommand } from './commands/issue-client.js';
export { issueServerCommand } from './commands/issue-server.js';
export { listCommand } from './commands/list.js';
export { pathCommand } from './commands/path.js';
export { rekeyPasswordCommand } from './commands/rekey-password.js';
export { renewCommand } from './commands/renew.js';
export { revokeCommand } from './commands/revoke.js';
export { signCsrCommand } from './commands/sign-csr.js';
export { statusCommand } from './commands/status.js';
export { unrevokeCommand } from './commands/unrevoke.js';
export { glance } from './glance.js';
export { namesCommand } from './known-names.js';
