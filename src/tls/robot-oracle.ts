import { PREMASTER_FAULTS, type PremasterFault } from './robot-premaster.js';

/** What a server answers to each premaster secret, in words. */
export type OracleAnswers = ReadonlyMap<PremasterFault, string>;

/** Whether right padding can be told from wrong by the answers. */
export function differ(answers: OracleAnswers): boolean {
  return new Set(answers.values()).size > 1;
}

/** What the oracle says, and how strong it is: weak where all that starts right is answered like what starts wrong unless it is
 *  right in every place, so that an attack takes far more questions; else strong.
 *  @param shortened whether nothing followed the key exchange */
export function oracleInWords(answers: OracleAnswers, shortened: boolean): string {
  const isWeak =
    answers.get('start') === answers.get('zero-misplaced') &&
    answers.get('start') === answers.get('zero-missing');
  const heard = [...new Set(answers.values())].map((answer) => {
    const faults = PREMASTER_FAULTS.filter((fault) => answers.get(fault) === answer);
    return `${answer} for ${faults.map((fault) => NAMES[fault]).join(', ')}`;
  });
  const flow = shortened ? ' where nothing follows the key exchange' : '';
  return `a ${isWeak ? 'weak' : 'strong'} oracle${flow}: ${heard.sort().join('; ')}`;
}

const NAMES: Readonly<Record<PremasterFault, string>> = {
  none: 'right padding',
  start: 'a wrong start',
  'zero-misplaced': 'a misplaced zero',
  'zero-missing': 'no zero',
  version: 'a wrong version',
};
