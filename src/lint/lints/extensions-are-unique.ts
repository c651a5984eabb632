import { oidName } from '../../x509/oid.js';
import { failed, type Lint, passed } from '../lint.js';

export const extensionsAreUnique: Lint = {
  id: 'extensions-are-unique',
  title: 'Has each extension once',
  severity: 'high',
  citation: 'RFC 5280 §4.2',
  applies: () => true,
  run: ({ certificate: { extensions } }) => {
    const ids = extensions.map(({ oid }) => oid);
    const twice = ids.find((id, at) => ids.indexOf(id) !== at);
    return twice === undefined
      ? passed(`${ids.length} extensions`)
      : failed(`${oidName(twice)} stands twice`);
  },
};
