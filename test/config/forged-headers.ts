export { IDENTITY_FIELDS as FORGED } from '../../src/policy/identity-fields.js';
