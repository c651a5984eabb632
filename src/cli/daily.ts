/** The commands of a CA's daily life, which scripts call by the thousand. The build makes one file of this and all that
 *  it needs: opening thirty chunks instead costs a third of the command's time. */
export { run } from './run.js';
