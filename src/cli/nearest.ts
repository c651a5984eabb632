export { nearest, nearestFirst } from '../policy/nearest.js';
