import { dhPrime } from '../../tls/dh-group.js';
import { integer, sequence } from '../../x509/der.js';
import { encodePem } from '../../x509/pem.js';

/** DHParameter of PKCS #3 in PEM, with the generator 2.
 *  @param group as `dhGroupName` calls it */
export function dhParameters(group: string): string {
  return encodePem('DH PARAMETERS', sequence(integer(dhPrime(group) ?? 0), integer(2)));
}
