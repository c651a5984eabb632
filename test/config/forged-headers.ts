export { IDENTITY_FIELDS as FORGED } from '../../src/server/identity-fields.js';
