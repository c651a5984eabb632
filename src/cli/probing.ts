/** `sslapi probe` in one file of its own, as the daily commands have theirs: a scan of an endpoint nearby is over before a hundred
 *  chunks are read. */
export { run } from './run.js';
