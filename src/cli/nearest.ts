export { nearest } from '../policy/nearest.js';
